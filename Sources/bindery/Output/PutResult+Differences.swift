import ArtifactStore
import Printable

extension PutResult {
    /// Says what was offered otherwise than it is released, and stays as it was.
    func noteDifferences() {
        for difference in differences {
            Output.note(
                "\(artifact.key) keeps its \(difference.subject): released \(difference.released), "
                    + "offered \(difference.offered)"
            )
        }
    }

    /// Says of an archive whose files aren't all known why they aren't.
    func noteUnreadMembers() {
        guard let archive, let problem = archive.problem else { return }
        let known = archive.memberCount == 0 ? "none" : "only \(archive.memberCount)"
        Output.warning("\(artifact.fileName) is stored, and \(known) of its files are known: \(problem)")
    }
}
