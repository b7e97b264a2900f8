import ArgumentParser
import ArtifactStore
import ImageTransport
import OCI
import Release
import SBOM
import TransparencyLog

/// How texts of the command line become values: one that doesn't parse is a usage error that says what would be right.
enum Arguments {
    /// `name@version`.
    @Sendable static func release(_ text: String) throws -> ReleaseKey {
        try checked { () throws(OCIError) in try ReleaseKey(parsing: text) }
    }

    /// `any` or `os/arch[/variant]`.
    @Sendable static func platform(_ text: String) throws -> ArtifactPlatform {
        try checked { () throws(OCIError) in try ArtifactPlatform(parsing: text) }
    }

    /// The path of a file inside a release.
    @Sendable static func path(_ text: String) throws -> ReleasePath {
        try checked { () throws(OCIError) in try ReleasePath(parsing: text) }
    }

    /// `name@version`, or `name`.
    @Sendable static func position(_ text: String) throws -> ReleasePage.Position {
        try checked { () throws(OCIError) in try ReleasePage.Position(parsing: text) }
    }

    /// A name of the OCI grammar.
    @Sendable static func name(_ text: String) throws -> RepositoryName {
        try checked { () throws(OCIError) in try RepositoryName(parsing: text) }
    }

    /// A version: an OCI tag.
    @Sendable static func version(_ text: String) throws -> Version {
        try checked { () throws(OCIError) in try Version(parsing: text) }
    }

    /// `[registry/]repository[:tag][@digest]`.
    @Sendable static func image(_ text: String) throws -> ImageReference {
        try checkIsInStore(text)
        return try checked { () throws(OCIError) in try ImageReference(parsing: text) }
    }

    /// `name@version`, or `[registry/]repository[:tag][@digest]`.
    @Sendable static func releaseOrImage(_ text: String) throws -> ReleaseOrImage {
        try checkIsInStore(text)
        if text.contains("@"), !text.contains(":"), (try? ReleaseKey(parsing: text)) == nil {
            // No digest is without a colon: a release is meant.
            _ = try release(text)
        }
        return try checked { () throws(OCIError) in try ReleaseOrImage(parsing: text) }
    }

    private static func checkIsInStore(_ text: String) throws {
        guard text.hasPrefix("docker://") else { return }
        throw ValidationError(
            "'\(text)' is in a registry, and this takes what is in the store: `bindery import` brings it in, `bindery ls` "
                + "and `bindery audit` look at it there"
        )
    }

    /// The same for a name that an image is to get: none that is meant for a file or a transport.
    @Sendable static func newImage(_ text: String) throws -> ImageReference {
        do { try ImageLocation.checkIsName(text) } catch { throw ValidationError("\(error)") }
        guard case .store? = try? ImageLocation(parsing: text) else {
            throw ValidationError("'\(text)' begins with a transport, and a name in the store is written without one")
        }
        if ["sha256:", "sha512:"].contains(where: text.hasPrefix) {
            throw ValidationError("'\(text)' begins as a digest does, and a name of its own is expected")
        }
        return try image(text)
    }

    /// A module, and the versions of it that are asked for.
    @Sendable static func module(_ text: String) throws -> ModuleQuery {
        do { return try ModuleQuery(parsing: text) } catch { throw ValidationError("\(error)") }
    }

    /// A name that a log may have.
    static func checkLogName(_ text: String) throws {
        guard NoteVerifier.isName(text) else {
            throw ValidationError("'\(text)' can't name a log: text without spaces and + is expected")
        }
    }

    /// `key=value`, with a key that isn't empty.
    @Sendable static func annotation(_ text: String) throws -> (key: String, value: String) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw ValidationError("'\(text)' is not an annotation: key=value is expected")
        }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }

    /// `[platform:]key=value`, with a key that isn't empty.
    @Sendable static func buildArgument(_ text: String) throws -> (platform: Platform?, key: String, value: String) {
        guard let equals = text.firstIndex(of: "=") else {
            throw ValidationError("'\(text)' is not a build argument: [platform:]key=value is expected")
        }
        var key = text[..<equals]
        var platform: Platform?
        if let colon = key.firstIndex(of: ":") {
            do {
                platform = try Platform(parsing: key[..<colon])
            } catch {
                throw ValidationError("\(error)")
            }
            key = key[key.index(after: colon)...]
        }
        guard !key.isEmpty else { throw ValidationError("'\(text)' names no argument: key=value is expected") }
        return (platform, String(key), String(text[text.index(after: equals)...]))
    }

    /// Permission bits in octal, `755` or `0755`.
    @Sendable static func mode(_ text: String) throws -> UInt16 {
        guard let mode = UInt16(text, radix: 8), mode <= 0o777 else {
            throw ValidationError("'\(text)' are not permission bits: octal digits up to 777 are expected")
        }
        return mode
    }

    /// A length of time, `90s`, `30m`, `12h`, `7d` or `0`.
    @Sendable static func duration(_ text: String) throws -> DurationOption {
        if DurationOption.isTooLong(text) { throw ValidationError("'\(text)' is too long for a duration") }
        guard let duration = DurationOption(text) else {
            throw ValidationError("'\(text)' is not a duration: a whole number with s, m, h or d is expected")
        }
        return duration
    }

    /// A time in the past: a duration before now, or a date.
    @Sendable static func past(_ text: String) throws -> Timestamp {
        if let duration = DurationOption(text) {
            return Timestamp(milliseconds: StoreOptionGroup.now.milliseconds - duration.milliseconds)
        }
        let full = text.count == 10 ? text + "T00:00:00Z" : text
        guard let time = Timestamp(rfc3339: full) else {
            throw ValidationError("'\(text)' is not a time: 12h, 7d, 2026-11-24 or 2026-11-24T10:00:00Z is expected")
        }
        return time
    }

    private static func checked<Value>(_ body: () throws(OCIError) -> Value) throws -> Value {
        do { return try body() } catch { throw ValidationError("\(error)") }
    }
}
