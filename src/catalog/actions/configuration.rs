//! Configuration files, the dialplan, modules and the database.

use super::row::{Danger, Known, ValuesOf, known};

pub(super) const ROWS: &[Known] = &[
    known("CreateConfig config: Create an empty configuration file")
        .keys("Filename!")
        .asks(Danger::CreateFile),
    known("DataGet: Read the tree of the data API")
        .keys("Path! Search Filter")
        .words("Path")
        .reads(),
    known("DBDel system: Delete a key of the server's database")
        .keys("Family! Key!")
        .values(&[("Key", ValuesOf::DatabaseKeys)]),
    known("DBDelTree system: Delete a family of the server's database, or part of it")
        .keys("Family! Key")
        .values(&[("Key", ValuesOf::DatabaseKeys)])
        .asks(Danger::DeleteTree),
    known("DBGet system,reporting: Read a key of the server's database")
        .keys("Family! Key!")
        .needs_in_1_4("system")
        .values(&[("Key", ValuesOf::DatabaseKeys)])
        .reads(),
    known("DBGetTree system,reporting: List keys of the server's database")
        .keys("Family Key")
        .values(&[("Key", ValuesOf::DatabaseKeys)])
        .reads(),
    known("DBPut system: Write a key of the server's database")
        .keys("Family! Key! Val")
        .values(&[("Key", ValuesOf::DatabaseKeys)]),
    known("DialplanExtensionAdd system: Add an extension to the dialplan")
        .keys("Context! Extension! Priority! Application! ApplicationData Replace=yes|no")
        .words("Context Extension Priority Application ApplicationData"),
    known("DialplanExtensionRemove system: Remove an extension from the dialplan")
        .keys("Context! Extension! Priority"),
    known("GetConfig system,config: Show a configuration file")
        .keys("Filename! Category Filter")
        .words("Filename Category")
        .needs_in_1_4("config")
        .values(&[("Category", ValuesOf::Categories("Filename"))])
        .reads(),
    known("GetConfigJSON system,config: Show a configuration file as JSON")
        .keys("Filename! Category Filter")
        .words("Filename Category")
        .values(&[("Category", ValuesOf::Categories("Filename"))])
        .reads(),
    known("ListCategories config: List the categories of a configuration file")
        .keys("Filename!")
        .reads(),
    known("ModuleCheck system: Tell whether a module is loaded")
        .keys("Module!")
        .reads(),
    known("ModuleLoad system: Load, unload or reload a module")
        .keys("Module=cdr|dnsmgr|extconfig|enum|acl|manager|http|logger|features|dsp|udptl|indications|cel|plc \
             LoadType!=load|unload|reload|refresh Recursive=true|false")
        .words("Module LoadType")
        .values(&[("Module", ValuesOf::Modules)])
        .asks(Danger::Unload),
    known("Reload system,config: Reload the configuration of all modules or of one")
        .keys("Module"),
    known("ShowDialPlan config,reporting: List contexts and extensions of the dialplan")
        .keys("Extension Context")
        .words("Context Extension")
        .reads(),
    known("SorceryMemoryCacheExpire system: Empty a cache of configuration objects")
        .keys("Cache!"),
    known("SorceryMemoryCacheExpireObject system: Drop one object from a cache")
        .keys("Cache! Object!"),
    known("SorceryMemoryCachePopulate system: Fill a cache from its source anew")
        .keys("Cache!"),
    known("SorceryMemoryCacheStale system: Mark all objects of a cache as out of date")
        .keys("Cache!"),
    known("SorceryMemoryCacheStaleObject system: Mark one object of a cache as out of date")
        .keys("Cache! Object! Reload=true|false")
        .words("Cache Object"),
    known("UpdateConfig config: Change a configuration file")
        .keys("SrcFilename! DstFilename! Reload=yes|no \
             PreserveEffectiveContext=true|false \
             Action-000000=NewCat|RenameCat|DelCat|EmptyCat|Update|Delete|Append|Insert \
             Cat-000000 Var-000000 Value-000000 Match-000000 Line-000000 \
             Options-000000")
        .words("SrcFilename DstFilename")
        .values(&[("Cat-000000", ValuesOf::Categories("SrcFilename"))])
        .asks(Danger::ChangeFile),
];
