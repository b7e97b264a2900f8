/// What a file of a release is that no image runs, as the annotation `dev.bindery.artifact.kind` says.
package enum ReleaseFileKind: String, CaseIterable, Sendable {
    case archive, checksums, package, sbom, source
}
