/// Where `COPY` and `ADD` take files from, and where they put them.
package struct SourcesAndDestination: Equatable, Sendable {
    /// Paths, patterns, and with `ADD` addresses, in the order they are written.
    package let paths: [String]
    /// Here-documents, each a file, in the order they are written.
    package let heredocs: [Heredoc]
    /// Where they go.
    package let destination: String
}

/// `COPY` with its flags (Dockerfile reference, "COPY").
package struct CopyOperation: Equatable, Sendable {
    /// The files and where they go.
    package let files: SourcesAndDestination
    /// `--from`: a stage or an image instead of the context.
    package let from: String?
    /// The flag `--chown`.
    package let owner: String?
    /// The flag `--chmod`.
    package let mode: String?
    /// `--link`: the files make a layer that doesn't look at those below it.
    package let isLinked: Bool
    /// `--parents`: directories of the source path are made at the destination.
    package let keepsParents: Bool
    /// The flag `--exclude`.
    package let excludes: [String]
}

/// `ADD` with its flags (Dockerfile reference, "ADD").
package struct AddOperation: Equatable, Sendable {
    /// The files and where they go.
    package let files: SourcesAndDestination
    /// The flag `--chown`.
    package let owner: String?
    /// The flag `--chmod`.
    package let mode: String?
    /// `--link`: the files make a layer that doesn't look at those below it.
    package let isLinked: Bool
    /// The flag `--exclude`.
    package let excludes: [String]
    /// `--keep-git-dir`, of git sources.
    package let keepsGitDirectory: Bool?
    /// `--checksum`, of addresses.
    package let checksum: String?
    /// `--unpack`: whether archives are unpacked; nil leaves it to the kind of source.
    package let unpacks: Bool?
}
