package import OCI

/// Our own annotation keys.
extension Annotation {
    /// By which derivation an image was made; not there for the first (docs/derivation.md).
    package static let derivation = "dev.bindery.derivation"
    /// The label of an image whose context was bound by `context --allow-run`: the lines of the Dockerfile that the
    /// engine runs or fetches by.
    package static let allowedRun = "dev.bindery.context.allow-run"
    /// The drafts that an image was made of, `name@version@digest` each, by an annotation of its manifests or a label;
    /// the digest is that of the release's index.
    package static let drafts = "dev.bindery.drafts"
    /// What a layer was derived from, or the digest of that (docs/derivation.md).
    package static let layerRecipe = "dev.bindery.layer.recipe"
    /// The name of the release that a file belongs to (docs/bundle-format.md).
    package static let artifactName = "dev.bindery.artifact.name"
    /// The version of the release that a file belongs to.
    package static let artifactVersion = "dev.bindery.artifact.version"
    /// The platform that a file is for, `any` for one without code.
    package static let artifactPlatform = "dev.bindery.artifact.platform"
    /// A file's permission bits in octal, `0755`.
    package static let artifactMode = "dev.bindery.artifact.mode"
    /// What a file of a release is that isn't a program: `archive`, `package`, `sbom`, `checksums`, `source`.
    package static let artifactKind = "dev.bindery.artifact.kind"
    /// Path, name, mode and annotations of a release's file, as canonical JSON (docs/bundle-format.md, section 2).
    package static let artifactFile = "dev.bindery.artifact.file"
}
