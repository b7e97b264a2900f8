import JSON

/// A distribution's package in an ELF file (UAPI Group, "Package Metadata for Executable Files").
package struct PackageNote: Sendable, Hashable {
    package let type: String?
    package let name: String
    package let version: String?
    package let os: String?
    package let architecture: String?

    /// Reads the note's text; nil for one without a name.
    package init?(_ text: String) {
        guard let document = try? JSONDocument(Array(text.utf8)), let name = document.value["name"]?.string else {
            return nil
        }
        self.name = name
        type = document.value["type"]?.string
        version = document.value["version"]?.string
        os = document.value["os"]?.string
        architecture = document.value["architecture"]?.string
    }

    /// Its package URL: of the kind of package that it says, else generic.
    package var purl: PackageURL {
        guard let type, let os, ["deb", "rpm", "apk", "alpm"].contains(type) else {
            return PackageURL(type: "generic", path: name, version: version)
        }
        return PackageURL(
            type: type,
            path: "\(os)/\(name)",
            version: version,
            qualifiers: ["arch": architecture ?? ""]
        )
    }
}

/// Libraries of which an ELF file loads the first that is there, for one feature (UAPI Group, "ELF Metadata Note for
/// dlopen() Dependencies").
package struct DlopenNote: Sendable, Hashable {
    package let names: [String]
    package let feature: String?
    package let priority: String?

    /// What one note lists; empty for one that isn't such a list.
    static func all(_ text: String) -> [DlopenNote] {
        guard let document = try? JSONDocument(Array(text.utf8)), document.value.kind == .array else { return [] }
        return document.value.elements.compactMap { entry in
            let names = entry["soname"]?.elements.compactMap(\.string) ?? []
            guard !names.isEmpty else { return nil }
            return DlopenNote(names: names, feature: entry["feature"]?.string, priority: entry["priority"]?.string)
        }
    }

    /// One line: `libbpf.so.1 or libbpf.so.0 (suggested, for bpf)`.
    package var summary: String {
        let remarks = [priority, feature.map { "for \($0)" }].compactMap(\.self)
        return names.joined(separator: " or ") + (remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))")
    }
}
