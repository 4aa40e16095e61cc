import { type ClassValue, clsx } from 'clsx';

/** Joins class names; what a caller passes adds layout (margin, width), it does not override a component's look. */
export function cn(...values: ClassValue[]): string {
  return clsx(values);
}
