/// A setting of a store that was changed, as its `rule` event has it (docs/store-format.md).
package struct SettingChange: Sendable, Hashable {
    /// Which: `journal`, `shared`, `require-seal`, `origin`.
    package let name: String
    /// What it was.
    package let before: String
    /// What it is.
    package let after: String
}
