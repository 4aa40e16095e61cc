#include "../../common/parse/encoding.h"
#include "../../common/parse/p256-key.h"
#include "../../common/parse/text-buffer.h"
#include "../../common/parse/utf8.h"
#include "check.h"
#include "samples.h"

static void check_encodings(void) {
  uint8_t bytes[8];
  char text[32];
  size_t size;
  hex_encode((const uint8_t *)"\x00\xff\x1a", 3, text);
  CHECK_TEXT(text, "00ff1a");
  CHECK(hex_decode("00ff1a", bytes, 3) && bytes[1] == 0xff);
  CHECK(!hex_decode("00ff1", bytes, 3));
  CHECK(!hex_decode("00FF1a", bytes, 3));
  base64url_encode((const uint8_t *)"\xfb\xff\xfe\x01", 4, text);
  CHECK_TEXT(text, "-__-AQ");
  CHECK(base64_decode("-__-AQ", 6, bytes, sizeof bytes, &size) && size == 4 && bytes[3] == 1);
  CHECK(base64_decode("+//+\r\nAQ==\n", 11, bytes, sizeof bytes, &size) && size == 4);
  CHECK(base64_decode("", 0, bytes, sizeof bytes, &size) && size == 0);
  CHECK(!base64_decode("A", 1, bytes, sizeof bytes, &size));
  CHECK(!base64_decode("AR", 2, bytes, sizeof bytes, &size));
  CHECK(!base64_decode("AA=A", 4, bytes, sizeof bytes, &size));
  CHECK(!base64_decode("AA*A", 4, bytes, sizeof bytes, &size));
  CHECK(!base64_decode("AAAAAAAAAAAAAAAA", 16, bytes, sizeof bytes, &size));
}

static void check_keys(void) {
  uint8_t der[256], point[64], key[P256_PRIVATE_SIZE];
  size_t size;
  CHECK(base64_decode(SAMPLE_KEY, strlen(SAMPLE_KEY), der, sizeof der, &size) && size == 91);
  CHECK(p256_public_key(der, size, point));
  CHECK(!p256_public_key(der, size - 1, point));
  CHECK(!p256_private_key(der, size, key));
  der[20] ^= 1;
  CHECK(!p256_public_key(der, size, point));
}

void check_texts(void) {
  char room[64];
  struct text_buffer text = text_buffer_over(room, sizeof room);
  check_encodings();
  check_keys();
  text_add(&text, "{");
  text_add_json_member(&text, "a\"", "x\\\n\xc3\xbc");
  text_add_json_member(&text, "b", "");
  text_add(&text, ",\"n\":");
  text_add_integer(&text, -12);
  text_add(&text, "}");
  CHECK_TEXT(room, "{\"a\\\"\":\"x\\\\\\u000a\xc3\xbc\",\"b\":\"\",\"n\":-12}");
  CHECK(!text.overflow);
  for (int i = 0; i < 20; i++) text_add(&text, "0123456789");
  CHECK(text.overflow && strlen(room) < sizeof room);
  CHECK(utf8_is_valid("\xf0\x9f\x98\x80", 4));
  CHECK(!utf8_is_valid("\xf0\x9f\x98", 3));
  CHECK(!utf8_is_valid("\xf4\x90\x80\x80", 4));
  CHECK(!utf8_is_valid("\xe0\x80\xaf", 3));
}
