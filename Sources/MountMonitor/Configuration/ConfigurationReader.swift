/// Takes the members of one JSON object out by name and type, and writes down everything that isn't as it should be
/// instead of stopping at the first.
struct ConfigurationReader {
    private let members: [JSON.Member]
    private let place: String
    private(set) var problems: [ConfigurationProblem] = []
    private var known: [String] = []

    /// A reader of `document`, which stands at `place` in the file.
    init(_ document: JSON, at place: String = "") {
        self.place = place
        if case .object(let members) = document {
            self.members = members
        } else {
            members = []
            problems.append(ConfigurationProblem(place: place, reason: "expected an object, found \(document.summary)"))
        }
    }

    /// Where a member of this object stands in the file.
    func path(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    mutating func report(_ name: String, _ reason: String) {
        problems.append(ConfigurationProblem(place: path(name), reason: reason))
    }

    // `null` stands for a member that isn't there.
    private mutating func member(_ name: String) -> JSON? {
        known.append(name)
        guard let value = members.first(where: { $0.name == name })?.value, value != .null else { return nil }
        return value
    }

    mutating func string(_ name: String, into target: inout String) {
        guard let value = member(name) else { return }
        guard case .string(let text) = value else { return report(name, "expected a text, found \(value.summary)") }
        guard !text.utf8.contains(0) else { return report(name, "a text with a NUL in it") }
        target = text
    }

    mutating func integer(_ name: String, into target: inout Int) {
        guard let value = member(name) else { return }
        guard case .integer(let number) = value, let number = Int(exactly: number) else {
            return report(name, "expected a whole number, found \(value.summary)")
        }
        target = number
    }

    mutating func bool(_ name: String, into target: inout Bool) {
        guard let value = member(name) else { return }
        guard case .bool(let flag) = value else {
            return report(name, "expected true or false, found \(value.summary)")
        }
        target = flag
    }

    mutating func duration(_ name: String, into target: inout GoDuration) {
        guard let value = member(name) else { return }
        guard case .string(let text) = value else {
            return report(name, #"expected a duration such as "30s", found \#(value.summary)"#)
        }
        do {
            target = try GoDuration(parsing: text)
        } catch {
            report(name, #"\#(JSON.string(text).text) \#(error); write it like "30s", "1m30s" or "500ms""#)
        }
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, into target: inout Choice) {
        guard let value = member(name) else { return }
        guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            return report(name, "expected one of \(choices), found \(value.summary)")
        }
        target = choice
    }

    /// The object of that name, to be read by `body`, whose problems are this object's too.
    mutating func object(_ name: String, _ body: (inout ConfigurationReader) -> Void) {
        guard let value = member(name) else { return }
        nest(value, at: path(name), body)
    }

    /// The objects in the list of that name, each to be read by `body`.
    mutating func objects(_ name: String, _ body: (inout ConfigurationReader) -> Void) {
        guard let value = member(name) else { return }
        guard case .array(let values) = value else { return report(name, "expected a list, found \(value.summary)") }
        for (position, value) in values.enumerated() { nest(value, at: "\(path(name))[\(position)]", body) }
    }

    private mutating func nest(_ value: JSON, at place: String, _ body: (inout ConfigurationReader) -> Void) {
        var reader = ConfigurationReader(value, at: place)
        body(&reader)
        reader.finish()
        problems += reader.problems
    }

    /// To be called when everything known was asked for: what is left over is a misspelling.
    mutating func finish() {
        for member in members where !known.contains(member.name) {
            let hint = NearestName.of(member.name, in: known).map { "did you mean \($0)?" }
            report(
                member.name,
                "unknown key; " + (hint ?? "known here are " + known.sorted().joined(separator: ", "))
            )
        }
    }
}
