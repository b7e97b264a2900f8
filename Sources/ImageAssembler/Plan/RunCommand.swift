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
        case .shell(let text): text
        case .exec(let words):
            words.count == 3 && ["sh", "/bin/sh"].contains(words[0]) && Self.isScriptOption(words[1]) ? words[2] : nil
        }
    }

    /// Whether the shell of an exec form is told to end where a command fails.
    var endsOnFailure: Bool {
        if case .exec(let words) = self, words.count > 1 { words[1].contains("e") } else { false }
    }

    private static func isScriptOption(_ text: String) -> Bool {
        text.first == "-" && text.last == "c" && text.dropFirst().dropLast().allSatisfy { "eux".contains($0) }
    }
}
