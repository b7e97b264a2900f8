import JSON
import Printable

/// Takes the members of one JSON object out by name and type, as Go's encoding/json fills a struct, and writes down
/// everything that isn't as it should be instead of stopping at the first.
///
/// A name matches in any letter case; of a value that stands twice the last counts, objects that stand twice are one.
/// Neither zero nor an empty text sets anything.
struct ConfigurationReader {
    private let members: [JSONValueView.Member]
    /// The members' names as they match, made once: a file may have ten thousands of them.
    private let foldedNames: [String]
    private let place: String
    private(set) var findings = ConfigurationFindings()
    private var known: [String] = []
    private var foldedKnown: [String] = []

    /// A reader of `document`, which stands at `place` in the file.
    init(_ document: JSONValueView, at place: String = "") { self.init([document], at: place) }

    private init(_ values: [JSONValueView], at place: String) {
        self.place = place
        members = values.flatMap(\.members)
        foldedNames = members.map { JSONFolding.fold($0.name) }
        for value in values where value.kind != .object && !value.isNull {
            findings.problem(place, "expected an object, found \(value.summary)")
        }
    }

    /// Where a member of this object stands in the file.
    func path(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    mutating func report(_ name: String, _ reason: String) { findings.problem(path(name), reason) }

    mutating func warn(_ name: String, _ reason: String) { findings.warn(path(name), reason) }

    // All that sets the member, in the file's order.
    private mutating func values(_ name: String) -> [JSONValueView] {
        let folded = JSONFolding.fold(name)
        known.append(name)
        foldedKnown.append(folded)
        var found: [JSONValueView] = []
        for (position, other) in foldedNames.enumerated() where other == folded {
            if members[position].name != name { warn(members[position].name, "read as \(name)") }
            found.append(members[position].value)
        }
        return found
    }

    private mutating func scalars(_ name: String) -> [JSONValueView] {
        let found = values(name)
        if found.count > 1 { warn(name, "stands here \(found.count) times; the last one counts") }
        return found
    }

    mutating func string(_ name: String, into target: inout String) {
        var text = ""
        for value in scalars(name) where !value.isNull {
            guard let given = value.string else { return report(name, "expected a text, found \(value.summary)") }
            text = given
        }
        if text.utf8.contains(0) { warn(name, "has a NUL in it, which no path has") }
        if !text.isEmpty { target = text }
    }

    /// Zero sets nothing, a negative number neither, with a warning.
    mutating func count(_ name: String, into target: inout Int) {
        guard let number = integer(name), number != 0 else { return }
        guard number > 0 else { return warn(name, "\(number) is negative; the default of \(target) holds") }
        target = number
    }

    /// The number that the member is; nil where there is none.
    mutating func integer(_ name: String) -> Int? {
        var number: Int?
        for value in scalars(name) where !value.isNull {
            guard let given = value.int64, let given = Int(exactly: given) else {
                report(name, "expected a whole number, found \(value.summary)")
                return nil
            }
            number = given
        }
        return number
    }

    /// `null` takes an earlier value back where `nullResets`.
    mutating func bool(_ name: String, into target: inout Bool, nullResets: Bool = false) {
        let unset = target
        for value in scalars(name) {
            if value.isNull {
                if nullResets { target = unset }
                continue
            }
            guard let flag = value.bool else { return report(name, "expected true or false, found \(value.summary)") }
            target = flag
        }
    }

    /// Zero sets nothing, a negative duration neither, with a warning; an empty text and `null` are not durations.
    mutating func duration(_ name: String, into target: inout GoDuration) {
        var duration = GoDuration.zero
        for value in scalars(name) {
            guard let text = value.string else {
                return report(name, #"expected a duration such as "30s", found \#(value.summary)"#)
            }
            do {
                duration = try GoDuration(parsing: text)
            } catch {
                return report(name, #"\#(JSON.string(text).text) \#(error); write it like "30s", "1m30s" or "500ms""#)
            }
        }
        guard duration >= .zero else { return warn(name, "\(duration) is negative; the default of \(target) holds") }
        if duration > .zero { target = duration }
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, into target: inout Choice) {
        var text = ""
        string(name, into: &text)
        guard !text.isEmpty else { return }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            return report(name, "expected one of \(choices), found the text \(JSON.string(text).text)")
        }
        target = choice
    }

    /// The object of that name, to be read by `body`, whose findings are this object's too.
    mutating func object(_ name: String, _ body: (inout ConfigurationReader) -> Void) {
        let found = values(name)
        if found.count > 1 { warn(name, "stands here \(found.count) times; their members are put together") }
        nest(ConfigurationReader(found, at: path(name)), body)
    }

    /// The objects in the list of that name, each to be read by `body`.
    mutating func objects(_ name: String, _ body: (inout ConfigurationReader) -> Void) {
        let found = values(name)
        // Go puts the second list into the first one's elements, which nobody means.
        guard found.count <= 1 else { return report(name, "stands here \(found.count) times; write one list") }
        guard let list = found.first, !list.isNull else { return }
        guard list.kind == .array else { return report(name, "expected a list, found \(list.summary)") }
        for (position, value) in list.elements.enumerated() {
            nest(ConfigurationReader(value, at: "\(path(name))[\(position)]"), body)
        }
    }

    private mutating func nest(_ nested: ConfigurationReader, _ body: (inout ConfigurationReader) -> Void) {
        var reader = nested
        body(&reader)
        reader.finish()
        findings.append(reader.findings)
    }

    /// To be called when everything known was asked for: what is left over sets nothing.
    mutating func finish() {
        for (position, member) in members.enumerated() where !foldedKnown.contains(foldedNames[position]) {
            guard findings.unknownKeys.count < ConfigurationFindings.most else { return }
            let hint = NearestName.of(member.name, in: known).map { "did you mean \($0)?" }
            let reason = "unknown key; " + (hint ?? "known here are " + known.sorted().joined(separator: ", "))
            findings.unknownKey(path(String(member.name.prefix(100))), reason)
        }
    }
}

extension JSONValueView {
    /// What a person calls such a value, with its value where that is short: for "found …" in messages.
    var summary: String {
        switch kind {
        case .null: "null"
        case .bool: bool == true ? "true" : "false"
        case .number: "the number \(String(decoding: source.prefix(60), as: UTF8.self))"
        case .string:
            source.count <= 62 ? "the text \(JSON.string(string ?? "").text)" : "a text of \(source.count) bytes"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
