import { concatBytes, digestOf, utf8 } from './bytes.ts';

/** 256 words that are easily told apart when read aloud. Their order is part of the handshake. */
const WORDS: readonly string[] = (
  'acorn actor album amber anchor angel apple april apron arrow artist atlas ' +
  'autumn avocado bagel bakery balloon bamboo banana banjo barley basket beaver bicycle ' +
  'bishop blanket blossom bonfire border bracelet bridge broccoli bucket buffalo butter cabin ' +
  'cactus camera candle canyon captain caramel carousel carpet castle cedar cello cherry ' +
  'chimney circus citrus clover cobalt coconut coffee comet compass coral cotton cowboy ' +
  'crayon cricket crystal cushion daisy dancer desert diamond dolphin domino donkey dragon ' +
  'drummer eagle easel echo elbow elephant emerald engine envelope evening fabric falcon ' +
  'feather fiddle finger flamingo flute forest fortune fossil galaxy garden garlic gazelle ' +
  'giraffe glacier glider goblet gravel guitar hammer harbor harvest hazel hedgehog helmet ' +
  'hexagon honey horizon hornet iceberg igloo indigo island ivory jacket jaguar jasmine ' +
  'jelly jigsaw jungle juniper kangaroo kayak kettle kitchen kiwi koala ladder lagoon ' +
  'lantern laundry lemon leopard library lilac lizard lobster magnet mango maple marble ' +
  'meadow melon mercury mirror mosaic mountain muffin museum mustard napkin nectar needle ' +
  'nickel november nutmeg oasis ocean octopus olive onion opal orange orbit orchid ' +
  'ostrich otter oxygen oyster paddle panda papaya parrot pebble pelican pencil penguin ' +
  'pepper piano picnic pigeon pirate planet plaza polka pollen poppy potato prairie ' +
  'pumpkin puppet puzzle pyramid quartz quiver rabbit radish rainbow raven ribbon river ' +
  'rocket rooster ruby saffron salad salmon sapphire saturn scarlet seagull shadow shelter ' +
  'silver spider spiral squirrel stadium statue summer sunset teapot temple thunder tiger ' +
  'tomato tornado trumpet tulip tunnel turtle umbrella uncle unicorn valley vanilla velvet ' +
  'village violin volcano waffle wagon walnut walrus whisper willow window winter yacht ' +
  'yellow yogurt zebra zipper'
).split(' ');

const LABEL = 'GuruConnect words v1';

/**
 * The three words that both ends show, from the digest of their transcript. Somebody in between, who speaks with
 * each end apart, has one chance in 2^24 that both show the same.
 */
export function safetyWords(transcriptDigest: Uint8Array): string[] {
  const digest = digestOf(concatBytes(utf8(LABEL), transcriptDigest));
  return Array.from(digest.subarray(0, 3), (byte) => WORDS[byte] ?? '');
}
