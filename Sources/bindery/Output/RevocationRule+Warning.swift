import ArtifactStore
import Printable
import Proofs
import Release

extension RevocationRule {
    /// What is said where a denied release was to be built in.
    static let building = "No image is made of it."

    /// Warns of revoked releases; `refusing` is what isn't done with denied ones, nil warns of them, too.
    static func check(_ releases: [ReleaseKey], refusing action: String?, in store: Store) throws {
        for (what, mark) in try marked(releases, in: store) {
            guard let action, mark.level == .denied else {
                Output.warning("\(what) is \(mark.words)")
                continue
            }
            throw Denied(what: what, mark: mark, action: action)
        }
    }

    private struct Denied: FailureWithStatus, CustomStringConvertible {
        let what: String
        let mark: Revocation
        let action: String
        var description: String {
            """
            \(what) is \(mark.words.text)
            \(action) Take another release; `bindery show \(mark.subject)` lists the marks.
            """
        }
        var exitStatus: ExitStatus { .conflict }
    }
}
