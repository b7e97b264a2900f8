import ArgumentParser

/// What a file of a release is that no image runs, as the annotation `dev.bindery.artifact.kind` says.
enum ReleaseFileKind: String, CaseIterable, ExpressibleByArgument {
    case archive, checksums, package, sbom, source
}
