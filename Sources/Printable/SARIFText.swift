/// Text as the messages of a SARIF report have it (SARIF 2.1.0, section 3.11.6): brackets make links of what stands in
/// them, unless a backslash precedes.
package func sarifText(_ text: String) -> String {
    text.unicodeScalars.map { $0 == "[" || $0 == "]" ? "\\\($0)" : String($0) }.joined()
}
