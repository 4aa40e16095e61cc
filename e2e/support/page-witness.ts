import type { Browser, BrowserContext, Page, Request } from 'playwright-core';

/** So much of a page's text tells where it is. */
const TEXT_LENGTH = 400;
/** A page that does not answer by then hangs, which is worth saying. */
const ANSWER_MS = 3_000;

/** Remembers what the pages of a browser wait for, to say after a failure what each of them showed. */
export class PageWitness {
  readonly #contexts = new Set<BrowserContext>();
  readonly #unanswered = new WeakMap<Page, Set<Request>>();

  /** Looks at every person who comes to use this browser. */
  watch(browser: Browser): void {
    const newContext = browser.newContext.bind(browser);
    browser.newContext = async (options) => {
      const context = await newContext(options);
      this.#contexts.add(context);
      context.on('close', () => this.#contexts.delete(context));
      context.on('page', (page) => this.#follow(page));
      return context;
    };
  }

  /** A line or two for each page that is open: where it is, what it shows, which answers it still waits for. */
  async report(): Promise<string> {
    const pages = [...this.#contexts].flatMap((context) => context.pages());
    return (await Promise.all(pages.map((page) => this.#describe(page)))).join('\n');
  }

  #follow(page: Page): void {
    const unanswered = new Set<Request>();
    this.#unanswered.set(page, unanswered);
    page.on('request', (request) => unanswered.add(request));
    page.on('requestfinished', (request) => unanswered.delete(request));
    page.on('requestfailed', (request) => unanswered.delete(request));
  }

  async #describe(page: Page): Promise<string> {
    const waits = [...(this.#unanswered.get(page) ?? [])].map(
      (request) => `${request.method()} ${new URL(request.url()).pathname}`,
    );
    const text = await Promise.race([
      page.evaluate(() => document.body.innerText).catch((error: Error) => `(${error.message})`),
      new Promise<string>((resolve) => setTimeout(resolve, ANSWER_MS, '(the page does not answer)')),
    ]);
    const short = text.replace(/\s+/g, ' ').slice(0, TEXT_LENGTH);
    const { pathname, search } = new URL(page.url());
    return `page ${pathname}${search}${waits.length > 0 ? `, waiting for ${waits.join(', ')}` : ''}: ${short}`;
  }
}
