/// The commands that are carried out.
enum RunCommand: String, CaseIterable {
    case set
    case nothing = ":"
    case `true`
    case echo, printf, cat, mkdir, chmod, chown, chgrp, ln, touch, rm, rmdir, install, setcap
    case adduser, addgroup, useradd, groupadd

    /// Whether every `/bin/sh` has it.
    var isBuiltIn: Bool { [.set, .nothing, .true, .echo, .printf].contains(self) }
}
