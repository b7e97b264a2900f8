import Printable
import Synchronization

/// The project file that this call goes by.
enum Project {
    private static let stored = Mutex<ProjectFile?>(nil)

    /// The file; nil where there is none.
    static var current: ProjectFile? { stored.withLock { $0 } }

    /// Takes the file that is named, whoever it belongs to; nil for none.
    static func take(_ file: ProjectFile?) {
        stored.withLock { $0 = file }
        guard let file, Output.settings.isVerbose else { return }
        Output.note("bindery: project file \(file.path): \(file.summary)")
    }

    /// Searches the file of the work tree; warns of one that can't be trusted.
    static func search(from directory: String) throws {
        let found = try ProjectFile.search(from: directory)
        if let refusal = found.refusal {
            Output.warning("\(refusal.path) is not taken: \(refusal.reason); --project takes it all the same")
        }
        take(found.file)
    }
}
