/// Files, or a list of them, that can't be put as they are: what is wrong, and where there is a remedy, that.
package struct UnusableFiles: Error, CustomStringConvertible {
    package let description: String
}
