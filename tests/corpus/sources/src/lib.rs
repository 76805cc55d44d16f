//! Empty: this package is there for its dependencies, which are read and not compiled.
