#include "cli/doctor_text.h"
#include "cli/json.h"
#include "explain/cell_text.h"
#include "net/names.h"

namespace sockscope::cli {
namespace {

void put_cell(Json& json, const GridCell& cell) {
  const CellText text = cell_text(cell, untranslated);
  json.begin_object();
  json.key("family").string(constant_name("AF", cell.family));
  json.key("type").string(constant_name("SOCK", cell.type));
  json.key("protocol").string(cell_protocol(cell.family, cell.protocol));
  json.key("verdict").string(text.verdict);
  json.key("errno").number(cell.error);
  json.key("error");
  if (cell.error == 0) {
    json.null();
  } else {
    json.string(errno_name(cell.error));
  }
  json.key("why").string(text.why).key("where").string(text.where);
  json.end_object();
}

void put_number(Json& json, std::string_view key, const std::optional<std::int64_t>& value) {
  json.key(key);
  if (value) {
    json.number(*value);
  } else {
    json.null();
  }
}

void put_range(Json& json, std::string_view key, const std::optional<Range>& value) {
  json.key(key);
  if (value) {
    json.begin_array().number(value->first).number(value->second).end_array();
  } else {
    json.null();
  }
}

}  // namespace

std::string doctor_json(const DoctorFacts& facts) {
  Json json;
  json.begin_object();
  json.key("kernel").string(facts.kernel).key("user").number(facts.user);
  json.key("cap_net_raw").boolean(facts.net_raw);
  json.key("cap_net_bind_service").boolean(facts.net_bind_service);
  json.key("grid").begin_array();
  for (const GridCell& cell : facts.grid) put_cell(json, cell);
  json.end_array();
  put_number(json, "ip_unprivileged_port_start", facts.first_free_port);
  put_range(json, "ping_group_range", facts.ping_groups);
  put_range(json, "ip_local_port_range", facts.local_ports);
  put_number(json, "somaxconn", facts.accept_queue);
  put_number(json, "rmem_default", facts.receive_buffer);
  put_number(json, "wmem_default", facts.send_buffer);
  json.key("descriptors").number(facts.descriptors).key("most_descriptors").number(facts.most_descriptors);
  json.key("ipv6_loopback").boolean(facts.ipv6_loopback);
  put_number(json, "max_user_namespaces", facts.user_namespaces);
  put_number(json, "unprivileged_userns_clone", facts.userns_clone);
  put_number(json, "apparmor_restrict_unprivileged_userns", facts.apparmor_restricts);
  json.key("user_namespaces_forbidden_by").string(forbids_namespaces(facts));
  json.key("lab").string(facts.lab_failure ? "not possible" : "possible");
  json.key("lab_fails_at").string(facts.lab_failure ? facts.lab_failure->step : std::string());
  json.key("lab_errno").number(facts.lab_failure ? facts.lab_failure->error : 0);
  json.key("lab_cure").string(facts.lab_failure ? facts.lab_failure->cure : std::string());
  json.end_object();
  return json.text();
}

}  // namespace sockscope::cli
