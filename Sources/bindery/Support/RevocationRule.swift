import ArtifactStore
import ContentAddress
import Printable
import Release

/// Whether revoked releases may leave the store: warned of, and refused where they are denied.
enum RevocationRule {
    /// What is said where a denied release was to be built in.
    static let building = "No image is made of it."

    /// `refusing` is what isn't done with denied releases; nil warns of them, too.
    static func check(_ releases: [ReleaseKey], refusing action: String?, in store: Store) throws {
        let marks = try store.revocationMarks()
        guard !marks.isEmpty else { return }
        for release in releases {
            let files = try store.artifacts(of: release).compactMap { artifact in
                marks[artifact.digest].map { (what: "\(artifact.key)", mark: $0) }
            }
            for (what, mark) in (marks[release].map { [("\(release)", $0)] } ?? []) + files {
                guard let action, mark.level == .denied else {
                    Output.warning("\(what) is \(mark.words)")
                    continue
                }
                throw Denied(what: what, mark: mark, action: action)
            }
        }
    }

    private struct Denied: FailureWithStatus, CustomStringConvertible {
        let what: String
        let mark: Revocation
        let action: String
        var description: String {
            """
            \(what) is \(mark.words)
            \(action) Take another release; `bindery show \(mark.subject)` lists the marks.
            """
        }
        var exitStatus: ExitStatus { .conflict }
    }
}
