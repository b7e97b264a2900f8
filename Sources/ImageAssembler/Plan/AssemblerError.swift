package import Archive
package import ArtifactStore
package import ContentAddress
package import Dockerfile
import Printable
package import Release
package import SystemIO

/// Why a context or an image can't be made.
package enum AssemblerError: Error {
    /// The Dockerfile doesn't parse.
    case dockerfile(path: String, DockerfileError)
    /// The Dockerfile asks for what the releases don't have, or for what isn't possible.
    case plan(path: String, [PlanProblem])
    /// A naming template can't be read.
    case naming(NamingError)
    /// Two artifacts would get one file name.
    case sameFileName(String, ArtifactKey, ArtifactKey)
    /// A file name that can't stand in a context.
    case badFileName(String, ArtifactKey, reason: String)
    /// A release lacks a platform that others, or the caller, ask for.
    case missingPlatform(ReleaseKey, wanted: String, has: [String])
    /// The Dockerfile has no stage of the name that is asked for.
    case noTarget(String, path: String, has: [String])
    /// Something stands where the context should go that we didn't make.
    case outputNotOurs(path: String, reason: String)
    /// A context was replaced, and what came into the earlier one meanwhile stays.
    case leftBehind(path: String, rest: String)
    /// The releases have files for any platform only, and none was asked for.
    case noPlatform
    /// A layer can't be compressed or unpacked.
    case compression(CompressionError)
    /// A layer of an image in the store isn't what it should be.
    case layer(Digest, String)
    /// No statements can be made about the image.
    case statements(reason: String)
    /// The store refused or failed.
    case store(StoreError)
    /// A system call failed.
    case system(SystemError)
}

extension AssemblerError: CustomStringConvertible {
    /// One or more lines for a person: what was wanted, what was found, and what to do.
    package var description: String { message.text }

    private var message: Message {
        switch self {
        case .dockerfile(let path, let error):
            "\(path) can't be read as a Dockerfile\n  \(error)"
        case .plan(let path, let problems):
            "\(path) doesn't fit the releases\n" + Message(message: problems.map { "  \($0)" }.joined(separator: "\n"))
        case .naming(let error): "\(error)"
        case .sameFileName(let name, let first, let second):
            "'\(name)' would be the name of two files: \(first), and \(second)\n"
                + "Give a --naming that tells them apart, such as '{name}-{version}-{os}-{arch}'."
        case .badFileName(let name, let key, let reason):
            "'\(name)' of \(key) can't be a file's name in a context: \(reason)"
        case .missingPlatform(let release, let wanted, let has):
            "\(release) has no \(wanted)\n  it has \(has.joined(separator: ", "))\n"
                + "Put that artifact first, or narrow the platforms with --platform."
        case .noTarget(let target, let path, let has):
            "\(path) has no stage '\(target.prefix(128))'; "
                + (has.isEmpty ? "its stages have no names" : "it has \(has.joined(separator: ", "))")
        case .outputNotOurs(let path, let reason):
            "\(path) is left as it is: \(message: reason)\nOnly an empty directory or an earlier context is replaced."
        case .leftBehind(let path, let rest):
            "\(path) is ready, but something was put into the earlier context while it was replaced: it is in \(rest)"
        case .noPlatform:
            "the releases have files for any platform only: say with --platform for which the image is"
        case .compression(let error): "\(error)"
        case .statements(let reason): "nothing can be attested of the image: \(message: reason)"
        case .layer(let digest, let reason): "the layer \(digest.short) can't be read: \(reason)"
        case .store(let error): "\(error)"
        case .system(let error): "\(error)"
        }
    }
}
