import ArgumentParser
import CBuildVersion
import Foundation
import Glibc
import Printable
import SystemIO

/// One call of the program: parse, run, end, in the same way for every command.
struct Invocation {
    private let words: [String]

    /// `words` are the arguments without the program's name.
    init(_ words: [String]) {
        self.words = BuildCommand.spelledOut(GlobalOptions.moved(behindTheCommandOf: words))
    }

    /// Runs the command; returns the exit status.
    func run() -> Int32 {
        var command: (any ParsableCommand)?
        do {
            try Self.checkText()
            command = try parse()
            if let command = command as? any BinderyCommand { Output.settings = command.output.settings }
            if let command = command as? any StoreCommand {
                try Self.takeProject(of: command)
                Hints.current = command.options.namedPath.map { path in
                    Hints(store: printable(ShellWord.quoted(path))) {
                        Bindery.command(named: $0) is any StoreCommand.Type
                    }
                }
            }
            if let command = command as? any StoreCommand, let remote = command.options.remote {
                try RemoteServer.run(command, on: remote)
            } else {
                try command?.run()
            }
        } catch {
            if error is ExitStatus { RegistryUse.warn() }
            let status = end(error)
            if status == ExitStatus.notFound.rawValue, let command = command as? any StoreCommand {
                Self.remark(on: command)
            }
            return status
        }
        RegistryUse.warn()
        return Self.close(ExitStatus.done)
    }

    // What isn't UTF-8 would be read as other characters, and name another file.
    private static func checkText() throws(UsageError) {
        for (number, bytes) in rawArguments.enumerated() where String(validating: bytes, as: UTF8.self) == nil {
            let text = String(decoding: bytes, as: UTF8.self)
            throw UsageError(description: "argument \(number) isn't UTF-8: \(printable(text, limit: 80))")
        }
        for name in ["BINDERY_STORE", "HOME", "XDG_DATA_HOME"] {
            guard let value = getenv(name) else { continue }
            let bytes = UnsafeBufferPointer(start: value, count: strlen(value)).map(UInt8.init(bitPattern:))
            guard String(validating: bytes, as: UTF8.self) == nil else { continue }
            throw UsageError(description: "\(name) isn't UTF-8: \(printable(String(decoding: bytes, as: UTF8.self)))")
        }
    }

    private static var rawArguments: [[UInt8]] {
        (0..<Int(CommandLine.argc)).compactMap { number in
            CommandLine.unsafeArgv[number].map { argument in
                UnsafeBufferPointer(start: argument, count: strlen(argument)).map(UInt8.init(bitPattern:))
            }
        }
    }

    private static func takeProject(of command: any StoreCommand) throws {
        if let path = command.options.project {
            Project.take(try ProjectFile.read(path))
        } else if command is any ProjectCommand {
            try Project.search(from: FileManager.default.currentDirectoryPath)
        }
    }

    // What isn't found may be a matter of the project file, of which the call says nothing.
    private static func remark(on command: any StoreCommand) {
        let options = command.options
        if let project = Project.current {
            return Output.note("bindery: the project file \(project.path) says: \(project.summary)")
        }
        guard options.store == nil,
            let file = (try? ProjectFile.search(from: FileManager.default.currentDirectoryPath))?.file,
            let other = file.store, other != options.path
        else { return }
        Output.note("bindery: this was the store \(options.path); --project \(file.path) takes the store \(other)")
    }

    // nil when help, the version or a completion script was asked for, and is printed.
    private func parse() throws -> (any ParsableCommand)? {
        guard let first = words.first, words != ["help"] else { return Self.help(Bindery.self) }
        if words == ["--version"] {
            Output.line("\(String(cString: build_version()))")
            return nil
        }
        if first == "--version" { throw UsageError(description: "--version stands alone\nSee `bindery --help`.") }
        if VerifierCommand.isCalled(words) { return try parse(["verifier"] + words) }
        if first == "help", words.count == 2, let command = Bindery.command(named: words[1]) {
            return Self.help(command)
        }
        if first == "help", words.count > 2 {
            throw UsageError(description: "help is for one command: `bindery help \(words[1])`")
        }
        if GlobalOptions.isOne(first) { throw UsageError(description: "a command is missing\nSee `bindery --help`.") }
        let name = first == "help" ? words[1] : first
        guard name.hasPrefix("-") || Bindery.command(named: name) != nil else {
            throw UsageError(description: Self.noSuchCommand(name) + "\nSee `bindery --help`.")
        }
        return try parse(words)
    }

    private func parse(_ words: [String]) throws -> (any ParsableCommand)? {
        do {
            let command = try Bindery.parseAsRoot(words)
            // The parser has commands of its own, for help.
            guard command is any BinderyCommand else { return Self.help(words) }
            try MistakenOptions.check(words)
            return command
        } catch let error as UsageError {
            throw error
        } catch let problems as UsageProblems {
            throw problems
        } catch {
            // Help and completion scripts are errors to the parser, too.
            guard Bindery.exitCode(for: error) == .success else { throw UsageProblems(words, error) }
            if words.contains(where: { ["-h", "--help"].contains($0) }) { return Self.help(words) }
            Output.line(Message(verbatim: CompletionScript.finished(Bindery.fullMessage(for: error))), isFolded: false)
            return nil
        }
    }

    private static func help(_ words: [String]) -> (any ParsableCommand)? {
        help(words.first.flatMap(Bindery.command(named:)) ?? Bindery.self)
    }

    private static func help(_ command: any ParsableCommand.Type) -> (any ParsableCommand)? {
        let columns = Terminal.columns(of: STDOUT_FILENO) ?? 80
        Output.line(Message(verbatim: HelpText.of(command, columns: columns)), isFolded: false)
        return nil
    }

    private static func noSuchCommand(_ name: String) -> String {
        let nearest = NearestName.of(name, in: Bindery.commandNames).map { "; did you mean '\($0)'?" } ?? ""
        return "no such command '\(printable(name, limit: 80))'\(nearest)"
    }

    private func end(_ error: any Error) -> Int32 {
        if let verdict = error as? ExitStatus { return Self.close(verdict) }
        // A command may find out late that its call is wrong.
        if let problems = error as? UsageProblems ?? (error as? ValidationError).map({ UsageProblems(words, $0) }) {
            for line in problems.lines { Output.line(onError: Message(message: line)) }
            return Self.close(.usage)
        }
        let status = ExitStatus(of: error) ?? .environment
        Output.error(Message(message: Self.words(of: error)))
        return Self.close(status)
    }

    // An error of Foundation has only Swift's description.
    private static func words(of error: any Error) -> String {
        ExitStatus(of: error) == nil ? "unexpected failure: \(error.localizedDescription)" : "\(error)"
    }

    // A result that couldn't be printed is not a success.
    private static func close(_ status: ExitStatus) -> Int32 {
        do {
            try Output.finish()
            return status.rawValue
        } catch {
            Output.error(Message(message: "\(error)"))
            // Nor is it an answer: nobody has got it.
            return [.done, .no].contains(status) ? ExitStatus.environment.rawValue : status.rawValue
        }
    }
}
