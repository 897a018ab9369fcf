#include "src/worker/status_text.h"

namespace ocapd::worker {

kj::StringPtr defaultStatusText(unsigned status) {
  switch (status) {
    case 100: return "Continue"_kj;
    case 101: return "Switching Protocols"_kj;
    case 102: return "Processing"_kj;
    case 103: return "Early Hints"_kj;
    case 200: return "OK"_kj;
    case 201: return "Created"_kj;
    case 202: return "Accepted"_kj;
    case 203: return "Non-Authoritative Information"_kj;
    case 204: return "No Content"_kj;
    case 205: return "Reset Content"_kj;
    case 206: return "Partial Content"_kj;
    case 207: return "Multi-Status"_kj;
    case 208: return "Already Reported"_kj;
    case 226: return "IM Used"_kj;
    case 300: return "Multiple Choices"_kj;
    case 301: return "Moved Permanently"_kj;
    case 302: return "Found"_kj;
    case 303: return "See Other"_kj;
    case 304: return "Not Modified"_kj;
    case 305: return "Use Proxy"_kj;
    case 307: return "Temporary Redirect"_kj;
    case 308: return "Permanent Redirect"_kj;
    case 400: return "Bad Request"_kj;
    case 401: return "Unauthorized"_kj;
    case 402: return "Payment Required"_kj;
    case 403: return "Forbidden"_kj;
    case 404: return "Not Found"_kj;
    case 405: return "Method Not Allowed"_kj;
    case 406: return "Not Acceptable"_kj;
    case 407: return "Proxy Authentication Required"_kj;
    case 408: return "Request Timeout"_kj;
    case 409: return "Conflict"_kj;
    case 410: return "Gone"_kj;
    case 411: return "Length Required"_kj;
    case 412: return "Precondition Failed"_kj;
    case 413: return "Payload Too Large"_kj;
    case 414: return "URI Too Long"_kj;
    case 415: return "Unsupported Media Type"_kj;
    case 416: return "Range Not Satisfiable"_kj;
    case 417: return "Expectation Failed"_kj;
    case 418: return "I'm a teapot"_kj;
    case 421: return "Misdirected Request"_kj;
    case 422: return "Unprocessable Entity"_kj;
    case 423: return "Locked"_kj;
    case 424: return "Failed Dependency"_kj;
    case 425: return "Too Early"_kj;
    case 426: return "Upgrade Required"_kj;
    case 428: return "Precondition Required"_kj;
    case 429: return "Too Many Requests"_kj;
    case 431: return "Request Header Fields Too Large"_kj;
    case 451: return "Unavailable For Legal Reasons"_kj;
    case 500: return "Internal Server Error"_kj;
    case 501: return "Not Implemented"_kj;
    case 502: return "Bad Gateway"_kj;
    case 503: return "Service Unavailable"_kj;
    case 504: return "Gateway Timeout"_kj;
    case 505: return "HTTP Version Not Supported"_kj;
    case 506: return "Variant Also Negotiates"_kj;
    case 507: return "Insufficient Storage"_kj;
    case 508: return "Loop Detected"_kj;
    case 510: return "Not Extended"_kj;
    case 511: return "Network Authentication Required"_kj;
    default: return ""_kj;
  }
}

}  // namespace ocapd::worker
