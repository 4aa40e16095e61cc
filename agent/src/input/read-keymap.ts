import { type Key, type KeyGroup, Keymap, type KeyType } from './keymap.ts';
import { copyMemory, type Pointer } from './x11-library.ts';

/**
 * Reads the client map of an `XkbDescRec` (X11/extensions/XKBstr.h) into plain values. The offsets are those
 * of 64-bit Linux, where `long` and pointers have eight bytes; the agent is built for nothing else.
 */
export function readKeymap(keyboard: Pointer): Keymap {
  const head = copyMemory(keyboard, 40);
  const first = head.getUint8(12);
  const last = head.getUint8(13);
  const map = copyMemory(pointerAt(head, 32), 48);
  const types = readTypes(pointerAt(map, 8), map.getUint8(1));
  const keysyms = copyMemory(pointerAt(map, 24), 8 * map.getUint16(18, true));
  const symbolMap = copyMemory(pointerAt(map, 32), 8 * (last + 1));
  const modifierMap = copyMemory(pointerAt(map, 40), last + 1);
  const keys = new Map<number, Key>();
  for (let keycode = first; keycode <= last; keycode++) {
    const groupInfo = symbolMap.getUint8(8 * keycode + 4);
    const width = symbolMap.getUint8(8 * keycode + 5);
    const offset = symbolMap.getUint16(8 * keycode + 6, true);
    const groups: KeyGroup[] = [];
    for (let group = 0; group < (groupInfo & 0x0f); group++) {
      const type = types[symbolMap.getUint8(8 * keycode + (group & 3))];
      if (type === undefined) continue;
      const levels = Array.from({ length: Math.min(width, type.levels) }, (_, level) =>
        keysyms.getUint32(8 * (offset + group * width + level), true),
      );
      groups.push({ type, keysyms: levels });
    }
    keys.set(keycode, { groups, groupInfo, modifierMap: modifierMap.getUint8(keycode) });
  }
  return new Keymap(keys);
}

function readTypes(address: Pointer, count: number): (KeyType & { levels: number })[] {
  const types = copyMemory(address, 40 * count);
  return Array.from({ length: count }, (_, index) => {
    const at = 40 * index;
    const entryCount = types.getUint8(at + 5);
    return {
      mask: types.getUint8(at),
      levels: types.getUint8(at + 4),
      entries: readEntries(pointerAt(types, at + 8), pointerAt(types, at + 16), entryCount),
    };
  });
}

function readEntries(address: Pointer, preserves: Pointer, count: number): KeyType['entries'] {
  if (count === 0 || address === 0n) return [];
  const entries = copyMemory(address, 12 * count);
  const preserved = preserves === 0n ? undefined : copyMemory(preserves, 4 * count);
  const all = Array.from({ length: count }, (_, index) => ({
    active: entries.getInt32(12 * index, true) !== 0,
    level: entries.getUint8(12 * index + 4),
    modifiers: entries.getUint8(12 * index + 6),
    preserved: preserved?.getUint8(4 * index) ?? 0,
  }));
  return all.filter((entry) => entry.active);
}

function pointerAt(memory: DataView, offset: number): Pointer {
  return memory.getBigUint64(offset, true);
}
