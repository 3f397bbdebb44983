// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/base64.hpp"

#include "fails_with.hpp"

#include <set>

namespace keystone {
namespace {

using base64::Form;
using Bytes = std::vector<std::uint8_t>;

constexpr Form kForms[] = {Form::standard, Form::url, Form::url_padded};

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

// RFC 4648, section 10.
constexpr std::pair<std::string_view, std::string_view> kVectors[] = {{"", ""},
                                                                      {"f", "Zg=="},
                                                                      {"fo", "Zm8="},
                                                                      {"foo", "Zm9v"},
                                                                      {"foob", "Zm9vYg=="},
                                                                      {"fooba", "Zm9vYmE="},
                                                                      {"foobar", "Zm9vYmFy"}};

TEST(Base64, IsAsTheStandardHasIt) {
  for (const auto& [plain, text] : kVectors) {
    EXPECT_EQ(base64::encode(bytes_of(plain), Form::standard), text);
    EXPECT_EQ(base64::decode("f", text, Form::standard), bytes_of(plain));
    const std::string_view unpadded = text.substr(0, text.find('='));
    EXPECT_EQ(base64::encode(bytes_of(plain), Form::url), unpadded);
    EXPECT_EQ(base64::decode("f", unpadded, Form::url), bytes_of(plain));
    EXPECT_EQ(base64::encode(bytes_of(plain), Form::url_padded), text);
    EXPECT_EQ(base64::decode("f", text, Form::url_padded), bytes_of(plain));
  }
}

TEST(Base64, HasOtherCharactersInUrls) {
  const Bytes bytes = {0xfb, 0xff, 0xbf};
  EXPECT_EQ(base64::encode(bytes, Form::standard), "+/+/");
  EXPECT_EQ(base64::encode(bytes, Form::url), "-_-_");
}

TEST(Base64, ReadsWhatItWritesOfEveryLengthAndByte) {
  Bytes bytes;
  for (unsigned i = 0; i < 300; ++i) {
    for (const Form form : kForms) {
      EXPECT_EQ(base64::decode("f", base64::encode(bytes, form), form), bytes) << i;
    }
    bytes.push_back(static_cast<std::uint8_t>(i * 7));
  }
}

TEST(Base64, RefusesTheCharactersOfTheOtherAlphabet) {
  EXPECT_TRUE(fails_with(base64::decode("f", "+/+/", Form::url), ErrorCode::malformed,
                         {"f: ", "0x2b", "at 0"}));
  EXPECT_TRUE(fails_with(base64::decode("f", "AA_A", Form::standard), ErrorCode::malformed,
                         {"0x5f", "at 2"}));
}

TEST(Base64, RefusesEveryOtherCharacter) {
  constexpr std::string_view kTaken =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int code = 0; code < 256; ++code) {
    const std::string text = {'A', static_cast<char>(code), 'A', 'A'};
    const bool is_taken = kTaken.find(static_cast<char>(code)) != std::string_view::npos;
    EXPECT_EQ(base64::decode("f", text, Form::standard).has_value(), is_taken) << code;
  }
}

TEST(Base64, RefusesWhiteSpace) {
  for (const char* text : {"Zm9v\n", " Zm9v", "Zm 9v", "Zm9v\r\n", "Zm9vYg==\n"}) {
    for (const Form form : kForms) {
      EXPECT_TRUE(fails_with(base64::decode("f", text, form), ErrorCode::malformed)) << text;
    }
  }
}

TEST(Base64, RefusesPaddingThatTheFormDoesNotHave) {
  for (const char* text :
       {"Zg", "Zg=", "Zm8", "Zg===", "=", "====", "Zm9v====", "Zg==Zg==", "Z==="}) {
    EXPECT_FALSE(base64::decode("f", text, Form::standard)) << text;
    EXPECT_FALSE(base64::decode("f", text, Form::url_padded)) << text;
  }
  for (const char* text : {"Zg==", "Zg=", "Zm8=", "=", "Z", "Zm9vY"}) {
    EXPECT_FALSE(base64::decode("f", text, Form::url)) << text;
  }
}

TEST(Base64, OfAnyFormIsReadWhereThatIsAskedFor) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t size = 0; size < 70; ++size) {
    for (const Form form : {Form::standard, Form::url, Form::url_padded}) {
      EXPECT_EQ(base64::decode_any("a", base64::encode(bytes, form)).value(), bytes);
    }
    std::string text = base64::encode(bytes, Form::standard);
    text.erase(std::min(text.find('='), text.size()));
    EXPECT_EQ(base64::decode_any("a", text).value(), bytes) << text;
    bytes.push_back(static_cast<std::uint8_t>(0xfbU - size));
  }
}

TEST(Base64, OfAnyFormIsOfOneForm) {
  for (const char* text : {"+/v7-w==", "-_v7+w==", "+/v7-w", "-_v7+w", "+w=", "-w=", "+w===",
                           "+/v7=/v7", "-/v7", "+", "-", "=", "+x==", "-x", "+/v7 ", "AQI\n"}) {
    EXPECT_TRUE(fails_with(base64::decode_any("a", text), ErrorCode::malformed)) << text;
  }
}

TEST(Base64, HasOneSpellingForEachValue) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::size_t one = 0;
  std::size_t two = 0;
  for (const char last : kAlphabet) {
    one += base64::decode("f", std::string("A") + last, Form::url) ? 1U : 0U;
    two += base64::decode("f", std::string("AA") + last, Form::url) ? 1U : 0U;
  }
  EXPECT_EQ(one, 4U);   // of 64: those whose last four bits are zero
  EXPECT_EQ(two, 16U);  // those whose last two are
  EXPECT_TRUE(fails_with(base64::decode("f", "Zh", Form::url), ErrorCode::malformed, {"unused"}));
}

}  // namespace
}  // namespace keystone
