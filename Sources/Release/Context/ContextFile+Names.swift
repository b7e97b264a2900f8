extension ContextFile {
    /// The name of the record in a context.
    package static let recordName = "bindery-context.json"
    /// The Dockerfile's name in a context, where engines look for it.
    package static let dockerfileName = "Dockerfile"
    /// The name of the Dockerfile that was given, where another one had to be written.
    package static let originalName = "Dockerfile.original"
    /// The list of what engines shall not copy: our own files, so that `COPY .` brings in released files only.
    package static let ignoreName = ".dockerignore"
    /// The directory of the releases that have names of their own, which `COPY .` doesn't see.
    package static let contextsName = ".build-contexts"
    /// The names at the top of a context that no artifact can have there.
    private static let reservedNames: Set = [
        recordName, dockerfileName, originalName, ignoreName, dockerfileName + ignoreName, contextsName,
    ]

    /// The name that the context needs for itself, where the file or its outermost directory has it.
    ///
    /// Engines look into a release's own directory for the list of what they shall not copy alone.
    package func reservedName(inRelease isRelease: Bool) -> String? {
        let top = String(name.prefix { $0 != "/" })
        return (isRelease ? [Self.ignoreName] : Self.reservedNames).contains(top) ? top : nil
    }
}
