import ArtifactStore
import ImageAssembler
import OCI
import Printable
import Release

/// What a release says of the image that is made of it: its version, revision, and annotations.
struct ReleaseFacts {
    /// Arguments that a Dockerfile may declare without anybody giving them.
    static let versionArgument = "BINDERY_VERSION"
    static let revisionArgument = "BINDERY_REVISION"
    static let arguments = [versionArgument, revisionArgument]

    private let release: ReleaseKey
    private let annotationsOfFiles: [[String: String]]

    /// The facts of a release of the store; throws where it isn't there.
    init(_ release: ReleaseKey, orDraft: Bool = false, in store: Store) throws {
        self.release = release
        let artifacts = try store.artifacts(of: release, orDraft: orDraft)
        guard !artifacts.isEmpty else { throw store.nothing(of: release) }
        // An archive or a list of checksums doesn't get into images.
        let files = artifacts.filter { $0.annotations[Annotation.artifactKind] == nil }
        annotationsOfFiles = (files.isEmpty ? artifacts : files).map(\.annotations)
    }

    /// The annotations that its files were put with, those of Bindery's own left out; a key on which they differ is
    /// left out with a warning.
    func annotations() -> [String: String] {
        var found: [String: String] = [:]
        for key in Set(annotationsOfFiles.flatMap(\.keys)).sorted() where !key.hasPrefix("dev.bindery.") {
            let values = Set(annotationsOfFiles.compactMap { $0[key] })
            if let value = values.first, values.count == 1 {
                found[key] = value
            } else {
                Output.warning("--annotate-from: the files of \(release) differ in \(key), which is left out")
            }
        }
        return found
    }

    /// Gives the arguments their values, but for those that have one.
    func complete(_ arguments: inout BuildArguments) {
        let revisions = Set(annotationsOfFiles.compactMap { $0[Annotation.revision] })
        let values = [
            (Self.versionArgument, release.version.text),
            (Self.revisionArgument, revisions.count == 1 ? revisions.first : nil),
        ]
        for (name, value) in values where !arguments.has(name) {
            if let value { arguments.set(name, to: value) }
        }
    }
}
