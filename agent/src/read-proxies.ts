import { GuruError } from '@guruconnect/shared';
import { NO_PROXIES, type ProxyRules } from './proxy/proxy-rules.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const SECURE = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
const PLAIN = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'];
const EXCEPTIONS = ['no_proxy', 'NO_PROXY'];
/** Says that there is to be no proxy, whatever the environment names. */
export const NO_PROXY_WORD = 'none';

/**
 * The proxies that somebody has set: `told` for everything, else those of the environment. undefined where nobody has
 * said anything. Throws `invalid-message` for what is no proxy; a value may hold a password and is not repeated.
 */
export function proxyRulesOf(told: string | undefined, env: Environment): ProxyRules | undefined {
  const exceptions = EXCEPTIONS.map((name) => env[name]).find((value) => value !== undefined) ?? '';
  const listed = exceptions.split(/[,\s]+/).filter((one) => one !== '');
  if (told !== undefined && told !== '') {
    if (told === NO_PROXY_WORD) return NO_PROXIES;
    const proxy = readProxy('--proxy or GURUCONNECT_PROXY', told);
    if (proxy === undefined) throw notAProxy('--proxy or GURUCONNECT_PROXY');
    return { secure: proxy, plain: proxy, exceptions: listed };
  }
  const [secure, plain] = [SECURE, PLAIN].map((names) => {
    const name = names.find((one) => env[one]);
    return name === undefined ? undefined : readProxy(name, env[name] ?? '');
  });
  if (secure === undefined && plain === undefined) return undefined;
  return { ...(secure ? { secure } : {}), ...(plain ? { plain } : {}), exceptions: listed };
}

/** What the environment names, also where it is of no use here. */
export function namedProxies(env: Environment): string[] {
  return [...new Set([...SECURE, ...PLAIN].flatMap((name) => env[name] || []))];
}

/** undefined for a kind that is for other programs, such as SOCKS. */
function readProxy(source: string, text: string): string | undefined {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (!url?.hostname) throw notAProxy(source);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
}

function notAProxy(source: string): GuruError {
  return GuruError.invalid(
    `What ${source} says is not the address of an HTTP proxy, such as http://proxy.example.com:3128.`,
  );
}
