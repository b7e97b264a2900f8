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
}
