import ArgumentParser
import Foundation
import Printable
import Synchronization

/// A command that takes the project file of its work tree; the others take only one that `--project` names.
protocol ProjectCommand: StoreCommand {}

/// The project file that this call goes by.
enum Project {
    private static let stored = Mutex<ProjectFile?>(nil)

    /// The file; nil where there is none.
    static var current: ProjectFile? { stored.withLock { $0 } }

    /// Finds the file of a command before it runs; warns of one that can't be trusted.
    static func find(for command: any ParsableCommand) throws {
        guard let command = command as? any StoreCommand else { return }
        if let path = command.options.project {
            let file = try ProjectFile.read(path)
            stored.withLock { $0 = file }
        } else if command is any ProjectCommand {
            let found = try ProjectFile.search(from: FileManager.default.currentDirectoryPath)
            if let refusal = found.refusal {
                Output.warning("\(refusal.path) is not taken: \(refusal.reason); --project takes it all the same")
            }
            stored.withLock { $0 = found.file }
        }
        guard let current, Output.settings.isVerbose else { return }
        Output.note("bindery: project file \(current.path): \(current.summary)")
    }
}
