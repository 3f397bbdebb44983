// SPDX-License-Identifier: Apache-2.0
#include "api/problem.hpp"

#include "api/json_text.hpp"

namespace keystone::server {
namespace {

// The phrases of RFC 9110, section 15, and RFC 6585.
std::string_view title_of(unsigned status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Internal Server Error";
  }
}

constexpr std::string_view kRetryAfter = "1";  // seconds

}  // namespace

Problem::Problem(const Error& error) : status(500), cause(error.message) {
  switch (error.code) {
    case ErrorCode::usage:
    case ErrorCode::malformed:
      status = 400;
      break;
    case ErrorCode::limit_exceeded:
      status = 413;
      break;
    case ErrorCode::unreadable:
    case ErrorCode::unwritable:
    case ErrorCode::internal:
    case ErrorCode::unreachable:
      return;
  }
  detail = error.message;
}

Problem unavailable(const Error& error) {
  Problem problem(503, "the store cannot be used at present");
  problem.cause = error.message;
  problem.headers.push_back({"Retry-After", std::string(kRetryAfter)});
  return problem;
}

std::string to_json(const Problem& problem, std::string_view request_id) {
  JsonText json;
  json.add("type", "about:blank");
  json.add("title", title_of(problem.status));
  json.add("status", std::uint64_t{problem.status});
  if (!problem.detail.empty()) {
    json.add("detail", problem.detail);
  }
  json.add("instance", request_id);
  return std::move(json).object();
}

http::Response response_of(const Problem& problem, std::string_view request_id) {
  http::Response response;
  response.status = problem.status;
  response.headers = problem.headers;
  response.headers.push_back({"Content-Type", "application/problem+json"});
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body = to_json(problem, request_id) + "\n";
  return response;
}

}  // namespace keystone::server
