package import ImageFileSystem

/// One file on the way from the config's command to the code that runs.
package struct EntrypointStep: Sendable {
    /// Why the file is on the way.
    package enum Reason: String, Sendable, Codable {
        /// The config's first word.
        case command
        /// The first word of a shell's `-c` text.
        case shellCommand = "shell command"
        /// The program after `#!`.
        case scriptInterpreter = "script interpreter"
        /// The program that `env` was asked to start.
        case environmentProgram = "program started by env"
        /// The ELF interpreter, which loads the program.
        case loader
        /// A library that it needs.
        case library
    }

    /// Why it is on the way.
    package let reason: Reason
    /// How it is written: a word of the command, a library's name.
    package let name: String
    /// Where that leads, symbolic links followed.
    package let path: FilePath
    /// What it is.
    package let identity: FileIdentity
}
