import type { Page } from 'playwright-core';

/** Types the code into the six boxes and presses Connect, as an end user does. */
export async function typeCode(page: Page, origin: string, code: string): Promise<void> {
  await page.goto(`${origin}/`);
  await page.getByLabel('Digit 1 of 6').click();
  await page.keyboard.type(code);
  await page.getByRole('button', { name: 'Connect' }).click();
}

/** {@link typeCode}, then waits for the guest panel. */
export async function joinAsGuest(page: Page, origin: string, code: string): Promise<void> {
  await typeCode(page, origin, code);
  await page.getByRole('button', { name: 'Stop the session' }).waitFor();
}

export type ConsentAnswer = 'Allow view and control' | 'Allow view only' | 'Decline';

/** Waits to be asked and answers. */
export async function answerConsent(page: Page, answer: ConsentAnswer): Promise<void> {
  await page.getByRole('button', { name: answer }).click();
}
