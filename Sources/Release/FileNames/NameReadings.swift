/// The ways in which a file name can be read, and which of them is meant.
struct NameReadings {
    private let all: [NamePattern.Match]

    init(_ all: [NamePattern.Match]) {
        self.all = all
    }

    /// Those that may be meant: one where the name is clear.
    ///
    /// A name ends before a version that begins with a digit.
    func chosen(_ known: NamePattern.Known) -> [NamePattern.Match] {
        var readings = agreeing(with: known.name, on: \.name, in: all)
        readings = agreeing(with: known.version, on: \.version, in: readings) { Self.withoutV($0) }
        guard readings.count > 1 else { return readings }
        let numbered = readings.filter { Self.withoutV($0.version ?? "").first?.isNumber == true }
        if numbered.isEmpty { return readings }
        guard numbered.count > 1, let shortest = numbered.min(by: { ($0.name?.count ?? 0) < ($1.name?.count ?? 0) })
        else { return numbered }
        // `tool-1.2.3-4` is version 1.2.3-4; `tool-2-1.2.3` may be version 1.2.3 of tool-2.
        let others = numbered.filter { $0 != shortest }
        return Self.isSemantic(shortest.version) && !others.contains { Self.isSemantic($0.version) }
            ? [shortest] : numbered
    }

    // What the command line says decides where a reading says the same; else the field is passed over.
    private func agreeing(
        with value: String?,
        on field: WritableKeyPath<NamePattern.Match, String?>,
        in readings: [NamePattern.Match],
        by form: (String) -> String = { $0 }
    ) -> [NamePattern.Match] {
        guard let value else { return readings }
        let same = readings.filter { $0[keyPath: field].map(form) == form(value) }
        guard same.isEmpty else { return same }
        var rest: [NamePattern.Match] = []
        for var reading in readings {
            reading[keyPath: field] = reading[keyPath: field] == nil ? nil : value
            if !rest.contains(reading) { rest.append(reading) }
        }
        return rest
    }

    /// What all readings say otherwise than the command line: the field, and its first reading.
    func overruled(by known: NamePattern.Known) -> (field: String, read: String)? {
        for (field, given, member) in [
            ("name", known.name, \NamePattern.Match.name), ("version", known.version, \.version),
        ] {
            guard let given = given.map(Self.withoutV) else { continue }
            let read = all.compactMap { $0[keyPath: member] }
            if let first = read.first, !read.contains(where: { Self.withoutV($0) == given }) { return (field, first) }
        }
        return nil
    }

    /// Whether a name has what looks like a version in it: `tool_1.2.3`.
    static func hasVersion(_ name: String) -> Bool {
        name.split { "-_/".contains($0) }.dropFirst().contains { word in
            let numbers = withoutV(String(word)).split(separator: ".", omittingEmptySubsequences: false)
            return numbers.count > 1 && numbers.prefix(2).allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
        }
    }

    /// For messages: `name tool, version 1.2.3, linux/amd64`.
    static func text(_ match: NamePattern.Match) -> String {
        let platform = [match.os, match.arch, match.variant].compactMap(\.self).joined(separator: "/")
        let words = [
            match.name.map { "name \($0)" }, match.version.map { "version \($0)" },
            platform.isEmpty ? nil : platform, match.file.map { "file \($0)" },
        ]
        return words.compactMap(\.self).joined(separator: ", ")
    }

    private static func isSemantic(_ text: String?) -> Bool {
        text.flatMap { try? Version(parsing: $0) }?.isSemantic ?? false
    }

    private static func withoutV(_ text: String) -> String {
        text.first == "v" && text.dropFirst().first?.isNumber == true ? String(text.dropFirst()) : text
    }
}
