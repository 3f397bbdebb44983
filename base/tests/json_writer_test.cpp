// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/json_writer.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace keystone {
namespace {

using OrderedJson = nlohmann::ordered_json;

// The same document as nlohmann's library lays it out.
const OrderedJson kWritten = {{"text", "a"},
                              {"list", {1, -2, {{"in", true}}, OrderedJson::array(), "b"}},
                              {"none", OrderedJson::object()},
                              {"least", INT64_MIN}};

std::string written(JsonLayout layout) {
  JsonWriter json(layout);
  json.begin_object();
  json.text_at("text", "a");
  json.key("list");
  json.begin_array();
  json.number(1);
  json.number(-2);
  json.begin_object();
  json.flag_at("in", true);
  json.end_object();
  json.begin_array();
  json.end_array();
  json.text("b");
  json.end_array();
  json.key("none");
  json.begin_object();
  json.end_object();
  json.number_at("least", INT64_MIN);
  json.end_object();
  return std::move(json).take();
}

std::string string_of(std::string_view text) {
  std::string json = "x";
  append_json_string(json, text);
  return json.substr(1);
}

TEST(JsonWriter, WritesOneLineAsAnotherLibraryDoes) {
  EXPECT_EQ(written(JsonLayout::one_line), kWritten.dump());
}

TEST(JsonWriter, IndentsAsAnotherLibraryDoes) {
  EXPECT_EQ(written(JsonLayout::indented), kWritten.dump(2));
}

TEST(JsonWriter, EscapesWhatAStringCannotHold) {
  for (unsigned byte = 0; byte < 128; ++byte) {
    const std::string text = std::string("a long enough text ") + static_cast<char>(byte) + " b";
    EXPECT_EQ(string_of(text), OrderedJson(text).dump()) << byte;
  }
}

TEST(JsonWriter, EscapesKeysToo) {
  JsonWriter json(JsonLayout::one_line);
  json.begin_object();
  json.text_at("a\"b", "\n");
  json.end_object();
  EXPECT_EQ(std::move(json).take(), R"({"a\"b":"\n"})");
}

TEST(JsonWriter, KeepsUtf8) {
  EXPECT_EQ(string_of("\xc3\xa4 \xf0\x9f\x94\x91"), "\"\xc3\xa4 \xf0\x9f\x94\x91\"");
}

TEST(JsonWriter, ShowsWhatIsNotUtf8AsReplaced) {
  EXPECT_EQ(string_of("a\xff"), "\"a\xef\xbf\xbd\"");
  EXPECT_EQ(string_of("\xc3"), "\"\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace keystone
