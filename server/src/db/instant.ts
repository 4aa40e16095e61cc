import { customType } from 'drizzle-orm/pg-core';

/** A `timestamptz` column that the code sees as milliseconds since the Unix epoch. */
export const instant = customType<{ data: number; driverData: string }>({
  dataType: () => 'timestamptz',
  toDriver: (ms) => new Date(ms).toISOString(),
  fromDriver: (text) => new Date(text).getTime(),
});
