import Archive
import ArtifactStore
import ContentAddress
import ELF
import ImageAuditor
import JSON
import OCI
import SystemIO

/// What the process ends with (docs/cli.md).
///
/// Thrown by itself, it ends the process without a further word.
enum ExitStatus: Int32, Error {
    /// What was asked for is done.
    case done = 0
    /// The question was answered, and the answer is no.
    case no = 1
    /// The call is wrong.
    case usage = 2
    /// It isn't there.
    case notFound = 3
    /// Bytes aren't what their name says.
    case integrity = 4
    /// An immutable key holds something else.
    case conflict = 5
    /// The machine: disk, permissions, no engine.
    case environment = 6

    /// The status of an error of ours; nil for the argument parser's own.
    init?(of error: any Error) {
        switch error {
        case let error as StoreError:
            self =
                switch error.kind {
                case .usage: .usage
                case .notFound: .notFound
                case .integrity: .integrity
                case .conflict: .conflict
                case .environment: .environment
                }
        case let error as OCIError:
            self =
                switch error {
                case .malformed: .usage
                case .document, .ambiguous: .integrity
                }
        case let error as SystemError: self = error.isNotFound ? .notFound : .environment
        case is DigestError, is PolicyError: self = .usage
        case is TarError, is CompressionError, is ELFError, is JSONError: self = .integrity
        case let error as any FailureWithStatus: self = error.exitStatus
        default: return nil
        }
    }
}

/// An error that knows its exit status: how each module's error gets one.
protocol FailureWithStatus: Error {
    var exitStatus: ExitStatus { get }
}

/// A call that is wrong in a way that only the command can know.
struct UsageError: FailureWithStatus, CustomStringConvertible {
    let description: String
    var exitStatus: ExitStatus { .usage }
}
