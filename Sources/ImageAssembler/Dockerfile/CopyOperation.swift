/// Where `COPY` and `ADD` take files from, and where they put them.
public struct SourcesAndDestination: Equatable, Sendable {
    /// Paths, patterns, and with `ADD` addresses, in the order they are written.
    public let paths: [String]
    /// Here-documents, each a file, in the order they are written.
    public let heredocs: [Heredoc]
    /// Where they go.
    public let destination: String
}

/// `COPY` with its flags (Dockerfile reference, "COPY").
public struct CopyOperation: Equatable, Sendable {
    /// The files and where they go.
    public let files: SourcesAndDestination
    /// `--from`: a stage or an image instead of the context.
    public let from: String?
    /// The flag `--chown`.
    public let owner: String?
    /// The flag `--chmod`.
    public let mode: String?
    /// `--link`: the files make a layer that doesn't look at those below it.
    public let isLinked: Bool
    /// `--parents`: folders of the source path are made at the destination.
    public let keepsParents: Bool
    /// The flag `--exclude`.
    public let excludes: [String]
}

/// `ADD` with its flags (Dockerfile reference, "ADD").
public struct AddOperation: Equatable, Sendable {
    /// The files and where they go.
    public let files: SourcesAndDestination
    /// The flag `--chown`.
    public let owner: String?
    /// The flag `--chmod`.
    public let mode: String?
    /// `--link`: the files make a layer that doesn't look at those below it.
    public let isLinked: Bool
    /// The flag `--exclude`.
    public let excludes: [String]
    /// `--keep-git-dir`, of git sources.
    public let keepsGitFolder: Bool?
    /// `--checksum`, of addresses.
    public let checksum: String?
    /// `--unpack`: whether archives are unpacked; nil leaves it to the kind of source.
    public let unpacks: Bool?
}
