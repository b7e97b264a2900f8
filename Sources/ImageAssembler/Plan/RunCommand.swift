import Dockerfile

/// The commands that are carried out.
enum RunCommand: String, CaseIterable {
    case set, cd, export, exit
    case nothing = ":"
    case `true`, `false`, test
    case bracket = "["
    case getent, id
    case echo, printf, cat, tee
    case mkdir, chmod, chown, chgrp, cp, mv, ln, touch, rm, rmdir, install, setcap
    case adduser, addgroup, useradd, groupadd

    /// Whether every `/bin/sh` has it.
    var isBuiltIn: Bool { isShellsAlone || [.true, .false, .test, .bracket, .echo, .printf].contains(self) }

    /// Whether only a shell has it.
    var isShellsAlone: Bool { [.set, .cd, .export, .exit, .nothing].contains(self) }

    /// Whether it prints what a file may be made of.
    var prints: Bool { [.echo, .printf, .cat, .tee, .getent, .id].contains(self) }

    /// The command of a word, which may be the path of a program.
    init?(named word: String) {
        guard let slash = word.lastIndex(of: "/") else {
            self.init(rawValue: word)
            return
        }
        let name = String(word[word.index(after: slash)...])
        guard ["/bin", "/sbin", "/usr/bin", "/usr/sbin"].contains(word[..<slash]), let known = Self(rawValue: name),
            !known.isShellsAlone
        else { return nil }
        self = known
    }
}

extension CommandForm {
    /// The line that a shell gets; nil for a program that is started by itself.
    var shellLine: String? {
        switch self {
        case .shell(let text): return text
        case .exec(let words):
            guard words.count > 2, let program = words.first, let line = words.last else { return nil }
            let option = words[words.count - 2]
            let name = program.split(separator: "/").last.map(String.init) ?? ""
            let isShell =
                ["sh", "ash", "dash", "bash"].contains(name)
                && [name, "/bin/" + name, "/usr/bin/" + name].contains(program)
            return isShell && option.hasPrefix("-") && option.hasSuffix("c") ? line : nil
        }
    }
}
