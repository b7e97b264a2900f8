import Dockerfile

/// The commands that are carried out.
enum RunCommand: String, CaseIterable {
    case set, cd
    case nothing = ":"
    case `true`
    case echo, printf, cat, mkdir, chmod, chown, chgrp, cp, mv, ln, touch, rm, rmdir, install, setcap
    case adduser, addgroup, useradd, groupadd

    /// Whether every `/bin/sh` has it.
    var isBuiltIn: Bool { isShellsAlone || [.true, .echo, .printf].contains(self) }

    /// Whether only a shell has it.
    var isShellsAlone: Bool { [.set, .cd, .nothing].contains(self) }

    /// Whether it prints what a file may be made of.
    var prints: Bool { [.echo, .printf, .cat].contains(self) }

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

    // The line's first failure refuses it, with -e and without.
    private static func isScriptOption(_ text: String) -> Bool {
        text.first == "-" && text.last == "c" && text.dropFirst().dropLast().allSatisfy { "eux".contains($0) }
    }
}
