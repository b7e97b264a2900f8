import ContentAddress
import ImageAssembler
import Release

extension BuiltImage {
    /// The paths in the recipe of the topmost layer, with their types, modes and owners.
    func topEntries() -> [String] {
        guard case .object(let recipe)? = parts.first?.layers.last?.recipe?.json,
            case .array(let entries)? = recipe["entries"]
        else { return [] }
        return entries.map { entry in
            guard case .object(let members) = entry else { return "" }
            func text(_ key: String) -> String {
                switch members[key] {
                case .string(let text): text
                case .int(let number): "\(number)"
                default: ""
                }
            }
            return "\(text("path")) \(text("type")) \(text("mode")) \(text("uid"))"
        }
    }
}
