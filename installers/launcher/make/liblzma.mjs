// @ts-check
/** What of liblzma the programs need: reading .xz with LZMA2, the x86 filter and CRC32, and nothing else. */
const FOLDER = 'src/liblzma';

export const LIBLZMA_SOURCES = [
  ...['block_decoder', 'block_header_decoder', 'block_util', 'common', 'filter_common', 'filter_decoder'],
  ...['filter_flags_decoder', 'index_hash', 'stream_decoder', 'stream_flags_common', 'stream_flags_decoder'],
  ...['vli_decoder', 'vli_size'],
]
  .map((name) => `${FOLDER}/common/${name}.c`)
  .concat(
    ...['check/check', 'check/crc32_small', 'lz/lz_decoder', 'lzma/lzma_decoder', 'lzma/lzma2_decoder'].map(
      (name) => `${FOLDER}/${name}.c`,
    ),
    ...['simple_coder', 'simple_decoder', 'x86'].map((name) => `${FOLDER}/simple/${name}.c`),
  );

const DEFINES = [
  ...['HAVE_DECODERS', 'HAVE_DECODER_LZMA2', 'HAVE_DECODER_X86', 'HAVE_CHECK_CRC32', 'HAVE_SMALL'],
  ...['HAVE_STDBOOL_H', 'HAVE_STDINT_H', 'HAVE_INTTYPES_H', 'HAVE_STRING_H', 'HAVE_LIMITS_H'],
  ...['LZMA_API_STATIC', 'NDEBUG', 'HAVE_FUNC_ATTRIBUTE_CONSTRUCTOR'],
];
const PARTS = ['api', 'common', 'check', 'lz', 'rangecoder', 'lzma', 'delta', 'simple'];

/** Flags of the compiler for the source in this folder. @param {string} root */
export function liblzmaFlags(root) {
  const headers = ['src/common', ...PARTS.map((part) => `${FOLDER}/${part}`)].map(
    (folder) => `-I${root}/${folder}`,
  );
  return [
    ...DEFINES.map((name) => `-D${name}=1`),
    '-DTUKLIB_SYMBOL_PREFIX=lzma_',
    '-DASSUME_RAM=128',
    ...headers,
  ];
}
