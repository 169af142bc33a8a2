#include "panes/grid_model.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "net/names.h"

namespace sockscope {

namespace grids {

constexpr std::array kFamilies = {AF_INET, AF_INET6, AF_UNIX, AF_CAN, AF_RDS, AF_VSOCK};
constexpr std::array kTypes = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET};

std::string_view family_means(int family) {
  switch (family) {
    case AF_INET:
      return "IPv4";
    case AF_INET6:
      return "IPv6";
    case AF_UNIX:
      return "this machine";
    case AF_CAN:
      return "vehicle bus";
    case AF_RDS:
      return "cluster";
    case AF_VSOCK:
      return "virtual machines";
    case AF_TIPC:
      return "cluster messages";
    case AF_PACKET:
      return "whole frames";
    case AF_NETLINK:
      return "the kernel";
    default:
      return {};
  }
}

std::string_view type_means(int type) {
  switch (type) {
    case SOCK_STREAM:
      return "bytes in order";
    case SOCK_DGRAM:
      return "datagrams";
    case SOCK_RAW:
      return "no transport";
    case SOCK_RDM:
      return "no order";
    case SOCK_SEQPACKET:
      return "records in order";
    default:
      return {};
  }
}

// Each value once, in the order the grid has them.
template <typename Field, typename Fits>
std::vector<int> values(const Grid& grid, Field field, Fits fits) {
  std::vector<int> out;
  for (const GridCell& cell : grid) {
    if (fits(cell) && std::find(out.begin(), out.end(), field(cell)) == out.end()) out.push_back(field(cell));
  }
  return out;
}

int rank(const GridCell& cell) {
  const CellVerdict verdict = verdict_of(cell);
  const int by_verdict = verdict == CellVerdict::works ? 0 : verdict == CellVerdict::needs_privilege ? 2 : 4;
  return by_verdict + (cell.protocol == 0 ? 0 : 1);
}

// What a socket that works is called by.
std::string known_as(const GridCell& cell) {
  const bool internet = cell.family == AF_INET || cell.family == AF_INET6;
  if (cell.protocol != 0) {
    std::string name = protocol_name(cell.family, cell.protocol);
    constexpr std::string_view kPrefix = "IPPROTO_";
    return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
  }
  if (internet && cell.type == SOCK_STREAM) return "TCP";
  if (internet && cell.type == SOCK_DGRAM) return "UDP";
  if (cell.family == AF_UNIX && cell.type == SOCK_RAW) return "as SOCK_DGRAM";  // unix(7)
  return {};
}

}  // namespace grids

std::string protocol_name(int family, int protocol) {
  if (protocol == 0) return "0";
  if (family == AF_CAN) return constant_name("CAN", protocol);
  const bool internet = family == AF_INET || family == AF_INET6;
  return internet ? constant_name("IPPROTO", protocol) : std::to_string(protocol);
}

std::vector<NamedNumber> grid_families(const Grid* grid) {
  std::vector<int> found(grids::kFamilies.begin(), grids::kFamilies.end());
  if (grid != nullptr && !grid->empty()) {
    found = grids::values(
        *grid, [](const GridCell& c) { return c.family; }, [](const GridCell&) { return true; });
  }
  std::vector<NamedNumber> out;
  for (const int family : found)
    out.push_back({family, constant_name("AF", family), grids::family_means(family)});
  return out;
}

std::vector<NamedNumber> grid_types(const Grid* grid) {
  std::vector<int> found(grids::kTypes.begin(), grids::kTypes.end());
  if (grid != nullptr && !grid->empty()) {
    found = grids::values(
        *grid, [](const GridCell& c) { return c.type; }, [](const GridCell&) { return true; });
  }
  std::vector<NamedNumber> out;
  for (const int type : found) out.push_back({type, constant_name("SOCK", type), grids::type_means(type)});
  return out;
}

std::vector<NamedNumber> grid_protocols(const Grid* grid, int family, int type) {
  std::vector<int> found;
  if (grid != nullptr) {
    found = grids::values(
        *grid, [](const GridCell& c) { return c.protocol; },
        [&](const GridCell& c) { return c.family == family && c.type == type; });
  }
  const auto zero = std::find(found.begin(), found.end(), 0);
  if (zero == found.end()) {
    found.insert(found.begin(), 0);
  } else {
    std::rotate(found.begin(), zero, zero + 1);
  }
  std::vector<NamedNumber> out;
  for (const int protocol : found) out.push_back({protocol, protocol_name(family, protocol), {}});
  return out;
}

const GridCell* cell_at(const Grid* grid, int family, int type, int protocol) {
  if (grid == nullptr) return nullptr;
  const auto found = std::find_if(grid->begin(), grid->end(), [&](const GridCell& cell) {
    return cell.family == family && cell.type == type && cell.protocol == protocol;
  });
  return found == grid->end() ? nullptr : &*found;
}

CellSummary summary_of(const Grid* grid, int family, int type) {
  CellSummary out;
  if (grid == nullptr) return out;
  for (const GridCell& cell : *grid) {
    if (cell.family != family || cell.type != type) continue;
    if (out.best == nullptr || grids::rank(cell) < grids::rank(*out.best)) out.best = &cell;
  }
  if (out.best == nullptr) return out;
  // A refusal of the default says the most of a cell that is refused altogether.
  if (const GridCell* plain = cell_at(grid, family, type, 0);
      plain != nullptr && verdict_of(*out.best) == CellVerdict::refused) {
    out.best = plain;
  }
  out.name = out.best->error == 0 ? grids::known_as(*out.best) : errno_name(out.best->error);
  return out;
}

}  // namespace sockscope
