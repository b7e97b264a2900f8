package import ArtifactStore
import OCI
package import Release

/// What a release says of the image that is made of it: its version, revision, and annotations.
package struct ReleaseFacts {
    /// Arguments that a Dockerfile may declare without anybody giving them.
    static let versionArgument = "BINDERY_VERSION"
    static let revisionArgument = "BINDERY_REVISION"
    package static let arguments = [versionArgument, revisionArgument]

    private let release: ReleaseKey
    private let annotationsOfFiles: [[String: String]]

    /// The facts of a release of the store; throws where it isn't there.
    package init(_ release: ReleaseKey, orDraft: Bool = false, in store: Store) throws {
        self.release = release
        let artifacts = try store.artifacts(of: release, orDraft: orDraft)
        guard !artifacts.isEmpty else { throw store.nothing(of: release) }
        // An archive or a list of checksums doesn't get into images.
        let files = artifacts.filter { $0.annotations[Annotation.artifactKind] == nil }
        annotationsOfFiles = (files.isEmpty ? artifacts : files).map(\.annotations)
    }

    /// The annotations that its files were put with, but for those of Bindery's own, and the keys on which they differ.
    package func annotations() -> (agreed: [String: String], differing: [String]) {
        var found: [String: String] = [:]
        var differing: [String] = []
        for key in Set(annotationsOfFiles.flatMap(\.keys)).sorted() where !key.hasPrefix("dev.bindery.") {
            let values = Set(annotationsOfFiles.compactMap { $0[key] })
            if let value = values.first, values.count == 1 {
                found[key] = value
            } else {
                differing.append(key)
            }
        }
        return (found, differing)
    }

    /// Gives the arguments their values, but for those that have one.
    package func complete(_ arguments: inout BuildArguments) {
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
