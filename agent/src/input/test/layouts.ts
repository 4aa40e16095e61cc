import type { KeyCode } from '@guruconnect/shared';

/** A key of a layout and the characters that a browser tells for it: plain, Shift, AltGr, Shift and AltGr. */
export type LayoutKey = readonly [code: KeyCode, levels: readonly (string | undefined)[]];

function rows(text: string): LayoutKey[] {
  const lines = text.trim().split('\n');
  return lines.map((line) => {
    const [code, ...levels] = line.trim().split(' ');
    // A dot stands for a dead key or nothing; the browser sends what it composes, not the dead key.
    return [code as KeyCode, levels.map((level) => (level === '…none' ? undefined : level))];
  });
}

const SPACE: LayoutKey = ['Space', [' ']];

/** Every key of the US layout that types a character. */
export const US: readonly LayoutKey[] = [
  SPACE,
  ...rows(`
    Backquote \` ~
    Digit1 1 !
    Digit2 2 @
    Digit3 3 #
    Digit4 4 $
    Digit5 5 %
    Digit6 6 ^
    Digit7 7 &
    Digit8 8 *
    Digit9 9 (
    Digit0 0 )
    Minus - _
    Equal = +
    KeyQ q Q
    KeyW w W
    KeyE e E
    KeyR r R
    KeyT t T
    KeyY y Y
    KeyU u U
    KeyI i I
    KeyO o O
    KeyP p P
    BracketLeft [ {
    BracketRight ] }
    Backslash \\ |
    KeyA a A
    KeyS s S
    KeyD d D
    KeyF f F
    KeyG g G
    KeyH h H
    KeyJ j J
    KeyK k K
    KeyL l L
    Semicolon ; :
    Quote ' "
    KeyZ z Z
    KeyX x X
    KeyC c C
    KeyV v V
    KeyB b B
    KeyN n N
    KeyM m M
    Comma , <
    Period . >
    Slash / ?
    NumpadDivide /
    NumpadMultiply *
    NumpadSubtract -
    NumpadAdd +
    NumpadDecimal .
    Numpad0 0
    Numpad1 1
    Numpad2 2
    Numpad3 3
    Numpad4 4
    Numpad5 5
    Numpad6 6
    Numpad7 7
    Numpad8 8
    Numpad9 9
  `),
];

/** Every key of the German layout that types a character, AltGr as on Linux (Windows has a part of it). */
export const DE: readonly LayoutKey[] = [
  SPACE,
  ...rows(`
    Backquote …none ° ′ ″
    Digit1 1 ! ¹ ¡
    Digit2 2 " ² ⅛
    Digit3 3 § ³ £
    Digit4 4 $ ¼ ¤
    Digit5 5 % ½ ⅜
    Digit6 6 & ¬ ⅝
    Digit7 7 / { ⅞
    Digit8 8 ( [ ™
    Digit9 9 ) ] ±
    Digit0 0 = }
    Minus ß ? \\ ¿
    KeyQ q Q @ Ω
    KeyW w W ł Ł
    KeyE e E € €
    KeyR r R ¶ ®
    KeyT t T ŧ Ŧ
    KeyY z Z ← ¥
    KeyU u U ↓ ↑
    KeyI i I → ı
    KeyO o O ø Ø
    KeyP p P þ Þ
    BracketLeft ü Ü
    BracketRight + * ~ ¯
    Backslash # ' ’
    KeyA a A æ Æ
    KeyS s S ſ ẞ
    KeyD d D ð Ð
    KeyF f F đ ª
    KeyG g G ŋ Ŋ
    KeyH h H ħ Ħ
    KeyJ j J
    KeyK k K ĸ &
    KeyL l L ł Ł
    Semicolon ö Ö
    Quote ä Ä
    IntlBackslash < > |
    KeyZ y Y » ›
    KeyX x X « ‹
    KeyC c C ¢ ©
    KeyV v V „ ‚
    KeyB b B “ ‘
    KeyN n N ” ’
    KeyM m M µ º
    Comma , ; · ×
    Period . : … ÷
    Slash - _ – —
    NumpadDivide /
    NumpadMultiply *
    NumpadSubtract -
    NumpadAdd +
    NumpadDecimal ,
    Numpad0 0
    Numpad1 1
    Numpad2 2
    Numpad3 3
    Numpad4 4
    Numpad5 5
    Numpad6 6
    Numpad7 7
    Numpad8 8
    Numpad9 9
  `),
];
