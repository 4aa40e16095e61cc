export interface PasswordStrength {
  /** 0 (too short) to 4. */
  score: 0 | 1 | 2 | 3 | 4;
  hint: string;
}

const MINIMUM = 12;

/** A rough, honest hint while typing: length counts most, repetition and known words do not count. */
export function passwordStrength(password: string, known: readonly string[] = []): PasswordStrength {
  if (password.length === 0) return { score: 0, hint: 'At least 12 characters. Four random words are good.' };
  if (password.length < MINIMUM) {
    return { score: 0, hint: `${MINIMUM - password.length} more to go.` };
  }
  const lower = password.toLowerCase();
  if (known.some((word) => word.length > 2 && lower.includes(word.toLowerCase()))) {
    return { score: 1, hint: 'Weak: it contains a name that is easy to guess.' };
  }
  const distinct = new Set(lower).size;
  if (distinct < 6 || /^(.{1,4})\1+$/.test(lower)) return { score: 1, hint: 'Weak: it repeats itself.' };
  if (/^(?:0123|1234|qwer|asdf|abcd|pass)/.test(lower)) {
    return { score: 1, hint: 'Weak: it begins like a very common one.' };
  }
  const points = password.length + distinct / 2;
  if (points < 20) return { score: 2, hint: 'Fair. Longer is better.' };
  return points < 26 ? { score: 3, hint: 'Good.' } : { score: 4, hint: 'Strong.' };
}
