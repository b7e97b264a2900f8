import ArtifactStore
import ImageAuditor
import ImageFileSystem
import Printable
import Release

/// In which ways two files at one path differ, in words.
enum FileDetails {
    /// The ways that aren't the same in both, one text each: `app 1.2.3 → unknown file`, `mode 0755 → 4755`.
    static func differing(_ old: AuditedFile, _ new: AuditedFile) -> [Message] {
        var details: [Message] = []
        if old.kind != new.kind || old.digest != new.digest || old.target != new.target {
            details.append(identity(old) + " → " + identity(new))
        }
        if old.mode != new.mode { details.append("mode \(mode(old)) → \(mode(new))") }
        if old.uid != new.uid || old.gid != new.gid {
            details.append("owner \(old.uid):\(old.gid) → \(new.uid):\(new.gid)")
        }
        let names = Set(old.extendedAttributes.keys).union(new.extendedAttributes.keys)
        for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let (before, after) = (old.extendedAttributes[name], new.extendedAttributes[name])
            guard before != after else { continue }
            let word: Message = name == capability ? "capabilities" : "attribute \(bytes: name)"
            details.append(word + (before == nil ? " added" : after == nil ? " removed" : " changed"))
        }
        return details
    }

    /// What a file is: its release, its base, or its kind.
    static func identity(_ file: AuditedFile) -> Message {
        switch file.identity {
        case .released(let artifacts):
            "\(artifacts.first.map { "\($0.key.name) \($0.key.version)" } ?? "released file")"
        case .base(let name): "file of base \(name)"
        case .unknown:
            switch file.kind {
            case .file: "unknown file"
            case .symbolicLink: "link to \(bytes: file.target)"
            case .directory, .characterDevice, .blockDevice, .pipe: Message(file.kind.word)
            }
        }
    }

    static func mode(_ file: AuditedFile) -> String { FileMode.text(file.mode) }

    private static let capability = Array("security.capability".utf8)
}
