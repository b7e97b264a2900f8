/// The services that the C library asks for users, groups and hosts (nsswitch.conf(5)): it loads a library for each.
enum NameServices {
    private static let largestCount = 64

    /// The names that a list has; the first of very many.
    static func names(_ list: [UInt8]) -> [String] {
        var names: [String] = []
        for line in String(decoding: list, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            // What to do after an answer stands in brackets.
            var isAction = false
            let rest = line[line.index(after: colon)...].prefix { $0 != "#" }
            for word in rest.split(whereSeparator: \.isWhitespace) where names.count < largestCount {
                if word.hasPrefix("[") { isAction = true }
                if !isAction, !names.contains(String(word)) { names.append(String(word)) }
                if word.hasSuffix("]") { isAction = false }
            }
        }
        return names
    }
}
