#ifndef GURUCONNECT_SAMPLES_H
#define GURUCONNECT_SAMPLES_H

/** A P-256 key as Node exports it (SPKI, base64url). */
#define SAMPLE_KEY                                                                                     \
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li_hp_m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q"
#define SAMPLE_CONFIG                                                                       \
  "{\"format\":1,\"origin\":\"https://help.example.com\",\"releaseKey\":\"" SAMPLE_KEY "\"," \
  "\"company\":\"Acme \\u00dc\",\"version\":\"0.1.0\",\"ca\":\"\"}"
#define SAMPLE_HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SAMPLE_BLOB "{\"sha256\":\"" SAMPLE_HASH "\",\"size\":16304120}"
#define SAMPLE_MANIFEST                                                                            \
  "{\"format\":1,\"version\":\"0.1.0\",\"platform\":\"win32-x64\",\"pack\":" SAMPLE_BLOB "," \
  "\"service\":null,\"ui\":" SAMPLE_BLOB "}"

#endif
