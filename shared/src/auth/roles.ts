import * as z from 'zod/mini';

/** The three built-in roles (R2), least powerful first. */
export const Role = z.enum(['technician', 'senior', 'admin']);
export type Role = z.infer<typeof Role>;

/** Who may see a session beside its owner (S4). */
export const Visibility = z.enum(['private', 'team', 'company']);
export type Visibility = z.infer<typeof Visibility>;
