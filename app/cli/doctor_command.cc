#include "cli/commands.h"
#include "cli/doctor_text.h"
#include "cli/output.h"
#include "ui/language.h"

namespace sockscope::cli {

int run_doctor(const DoctorCommand& command) {
  const DoctorFacts facts = gather_facts("/proc/self/exe");
  if (command.json) {
    say_line(doctor_json(facts));
    return kDone;
  }
  const ui::Translator translator(ui::language_of(command.language));
  say(doctor_text(facts, [&](std::string_view english) { return std::string(translator(english)); }));
  return kDone;
}

}  // namespace sockscope::cli
