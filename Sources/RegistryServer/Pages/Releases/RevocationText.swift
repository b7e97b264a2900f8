import ArtifactStore

/// Marks on releases and bytes, for people.
enum RevocationText {
    static func word(_ level: Revocation.Level) -> String {
        switch level {
        case .warned: "revoked"
        case .denied: "revoked and denied"
        case .lifted: "no longer revoked"
        }
    }

    static func html(_ mark: Revocation) -> HTML {
        let advisory: HTML? = mark.advisory.map { " See \($0)." }
        return """
            <p class="mark"><strong>\(word(mark.level))</strong> \(Parts.time(mark.revokedAt)) by \(mark.revokedBy):
            \(mark.reason).\(advisory)</p>
            """
    }
}
