import type { Role, Visibility } from '@guruconnect/shared';

export const ROLE_NAMES: Record<Role, string> = {
  technician: 'Technician',
  senior: 'Senior technician',
  admin: 'Administrator',
};

export const VISIBILITY_NAMES: Record<Visibility, string> = {
  private: 'Only the owner',
  team: "The owner's team",
  company: 'Everyone',
};
