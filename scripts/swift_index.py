"""Reads the index that a debug build leaves: where each symbol is declared and used.

The compiler writes it beside what it builds, and libIndexStore, which comes with Swift, reads it.
"""
import collections
import ctypes
import pathlib
import shutil

DEFINITION, REFERENCE, IMPLICIT = 1 << 1, 1 << 2, 1 << 8
CHILD, OVERRIDE, EXTENDED, ACCESSOR = 1 << 9, 1 << 11, 1 << 14, 1 << 15
PARAMETER, EXTENSION, MODULE = 25, 9, 1

Symbol = collections.namedtuple("Symbol", "usr name kind")
Occurrence = collections.namedtuple("Occurrence", "file line column symbol roles relations")


class Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    def __str__(self):
        return ctypes.string_at(self.data, self.length).decode() if self.data else ""


OnText = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, Text)
OnPointer = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p)


def library():
    """libIndexStore of the toolchain, with the types of the functions used."""
    compiler = shutil.which("swiftc")
    if not compiler:
        raise SystemExit("swiftc is not on the path")
    path = pathlib.Path(compiler).resolve().parent.parent / "lib/libIndexStore.so"
    store = ctypes.CDLL(str(path))
    pointers = "store_create unit_reader_create record_reader_create occurrence_get_symbol " \
        "symbol_relation_get_symbol"
    texts = "unit_reader_get_main_file unit_reader_get_module_name unit_dependency_get_name " \
        "unit_dependency_get_filepath symbol_get_name symbol_get_usr"
    numbers = "occurrence_get_roles symbol_relation_get_roles"
    for names, result in ((pointers, ctypes.c_void_p), (texts, Text), (numbers, ctypes.c_uint64)):
        for name in names.split():
            getattr(store, "indexstore_" + name).restype = result
    return store


def occurrences(folder, root):
    """All occurrences of symbols in files below `root` that exist, by the index below `folder`."""
    api = library()
    void = ctypes.c_void_p
    store = api.indexstore_store_create(str(folder).encode(), None)
    if not store:
        raise SystemExit(f"{folder}: no index; build the tests first (make test)")
    units = []
    api.indexstore_store_units_apply_f(
        void(store), 0, None, OnText(lambda _, name: units.append(str(name)) or True))
    records = {}
    for unit in units:
        reader = api.indexstore_unit_reader_create(void(store), unit.encode(), None)
        if not reader:
            continue
        main = str(api.indexstore_unit_reader_get_main_file(void(reader)))
        if main.startswith(str(root)) and pathlib.Path(main).exists():
            def dependency(_, item):
                if api.indexstore_unit_dependency_get_kind(void(item)) == 2:
                    path = str(api.indexstore_unit_dependency_get_filepath(void(item)))
                    if path == main:
                        records[str(api.indexstore_unit_dependency_get_name(void(item)))] = main
                return True
            api.indexstore_unit_reader_dependencies_apply_f(void(reader), None, OnPointer(dependency))
        api.indexstore_unit_reader_dispose(void(reader))
    found = []
    known = {}

    def symbol(pointer):
        if pointer not in known:
            known[pointer] = Symbol(
                str(api.indexstore_symbol_get_usr(void(pointer))),
                str(api.indexstore_symbol_get_name(void(pointer))),
                api.indexstore_symbol_get_kind(void(pointer)))
        return known[pointer]

    for record, file in records.items():
        reader = api.indexstore_record_reader_create(void(store), record.encode(), None)
        if not reader:
            continue
        known.clear()

        def occurrence(_, item):
            line, column = ctypes.c_uint(), ctypes.c_uint()
            api.indexstore_occurrence_get_line_col(
                void(item), ctypes.byref(line), ctypes.byref(column))
            relations = []

            def relation(_, related):
                relations.append((
                    api.indexstore_symbol_relation_get_roles(void(related)),
                    symbol(api.indexstore_symbol_relation_get_symbol(void(related)))))
                return True
            api.indexstore_occurrence_relations_apply_f(void(item), None, OnPointer(relation))
            found.append(Occurrence(
                file, line.value, column.value,
                symbol(api.indexstore_occurrence_get_symbol(void(item))),
                api.indexstore_occurrence_get_roles(void(item)), relations))
            return True
        api.indexstore_record_reader_occurrences_apply_f(void(reader), None, OnPointer(occurrence))
        api.indexstore_record_reader_dispose(void(reader))
    return found
